package privileged.oci;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import privileged.harness.Modules;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bundle whose file system holds one static program, and so no list of users or groups that a runtime would look
 * into. Limits and devices are left out: what they need is not what is tried here.
 */
final class OciBundle {

    private static final JsonMapper JSON = new JsonMapper();

    private final Path directory = Modules.directory("rwxr-xr-x");

    OciBundle(Path program) {
        try {
            Path root = Files.createDirectory(directory.resolve("root"));
            Files.createDirectory(root.resolve("proc"));
            Files.createDirectory(root.resolve("dev"));
            Files.copy(program, root.resolve("status"), StandardCopyOption.COPY_ATTRIBUTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path directory() {
        return directory;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes config.json. */
    void write(OciRow row) throws IOException {
        List<Long> ids = row.ids();
        Map<String, ?> process = Map.of("cwd", "/", "args", List.of("/status"), "env", List.of(),
                "user", Map.of("uid", ids.get(0), "gid", ids.get(1), "additionalGids", ids.subList(2, ids.size())),
                "noNewPrivileges", row.noNewPrivs(), "capabilities", row.capabilities());
        Files.writeString(file("config.json"), JSON.writeValueAsString(Map.of("ociVersion", "1.0.2",
                "process", process,
                "root", Map.of("path", "root", "readonly", true),
                "mounts", List.of(mount("/proc", "proc"), mount("/dev", "tmpfs")),
                "linux", Map.of("namespaces", List.of(Map.of("type", "mount"), Map.of("type", "pid"))))));
    }

    private static Map<String, ?> mount(String destination, String type) {
        return Map.of("destination", destination, "type", type, "source", type);
    }
}
