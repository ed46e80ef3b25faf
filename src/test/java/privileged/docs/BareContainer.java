package privileged.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import privileged.harness.Command;
import privileged.harness.Modules;
import tools.jackson.databind.json.JsonMapper;

/** A container with a jlink image and the C library, and nothing else: no shell, no user database. runc runs it. */
final class BareContainer implements AutoCloseable {

    /**
     * How it is started.
     *
     * @param id of the user and the group
     * @param capabilities the bounding set; if the id is 0, the permitted and effective set too
     */
    record Start(long id, List<String> capabilities, boolean noNewPrivs, List<String> command) {
    }

    private final Path directory = Modules.directory("rwxr-xr-x");
    private final String name = "nucleus-caps-" + directory.getFileName();
    private final ConsumerProcess process;

    BareContainer(Path image, Start start) throws IOException {
        for (String empty : List.of("proc", "dev", "tmp", "app")) {
            Files.createDirectories(root().resolve(empty));
        }
        for (Path library : libraries(image)) {
            Path copy = root().resolve(library.toString().substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(library, copy);
        }
        Files.writeString(directory.resolve("config.json"), new JsonMapper().writeValueAsString(config(image, start)));
        process = new ConsumerProcess(List.of("runc", "run", "--bundle", directory.toString(), name));
    }

    ConsumerProcess process() {
        return process;
    }

    private Path root() {
        return directory.resolve("root");
    }

    /** {@return the libraries that programs and libraries of the image are linked with, and the loader} */
    private static List<Path> libraries(Path image) throws IOException {
        try (Stream<Path> files = Files.walk(image)) {
            List<String> command = Stream.concat(Stream.of("ldd"), files.map(Path::toString)
                    .filter(file -> file.endsWith(".so") || file.endsWith("/bin/java"))).toList();
            return Command.run(command).lines().map(String::strip).filter(line -> line.contains("/") && line.contains(" (0x"))
                    .map(line -> line.replaceFirst("^.* => ", "").replaceFirst(" \\(0x.*$", ""))
                    .filter(library -> !library.startsWith(image.toString())).distinct().map(Path::of).toList();
        }
    }

    private static Map<String, ?> config(Path image, Start start) {
        List<String> held = start.id() == 0 ? start.capabilities() : List.of();
        Map<String, ?> process = Map.of("cwd", "/", "args", start.command(), "env", List.of(),
                "user", Map.of("uid", start.id(), "gid", start.id()), "noNewPrivileges", start.noNewPrivs(),
                "capabilities", Map.of("bounding", start.capabilities(), "permitted", held, "effective", held));
        return Map.of("ociVersion", "1.0.2", "process", process, "root", Map.of("path", "root", "readonly", true),
                "mounts", List.of(mount("/proc", "proc", "proc"), mount("/dev", "tmpfs", "tmpfs"),
                        mount("/tmp", "tmpfs", "tmpfs"), mount("/app", "bind", image.toString())),
                "linux", Map.of("namespaces", Stream.of("mount", "pid", "network").map(type -> Map.of("type", type)).toList()));
    }

    private static Map<String, ?> mount(String destination, String type, String source) {
        return Map.of("destination", destination, "type", type, "source", source, "options",
                type.equals("bind") ? List.of("bind", "ro") : List.of());
    }

    @Override
    public void close() {
        process.close();
        Command.result("runc", "delete", "--force", name);
    }
}
