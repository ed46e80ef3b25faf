package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Files of a server that root started, in directories that nobody else can write. */
@Privileged
@SameInContainers
class AdviceIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    private final Path place = Modules.directory("rwxr-xr-x");

    @BeforeEach
    void makeDirectories() throws IOException {
        for (String name : List.of("tmp", "gc", "dump", "log")) {
            Files.createDirectory(place.resolve(name), PosixFilePermissions.asFileAttribute(
                    PosixFilePermissions.fromString("rwxr-xr-x")));
        }
    }

    /** Uses what it prepared as root. What works is seen from outside. */
    static final class Serves implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Path place = Path.of(args[0]);
            Path uploads = Files.createTempDirectory("uploads");
            points.say(uploads);
            Files.setAttribute(Files.createTempDirectory("another"), "unix:uid", 65530); // of a program of another user
            Path log = place.resolve("log/server.log");
            try (var open = Files.newBufferedWriter(log)) {
                Phase.Initial initial = Caps.begin(Scope.PROCESS, options -> args[1].equals("true")
                        ? options.handOver(place.resolve("tmp"), place.resolve("gc"), place.resolve("dump"), place.resolve("log"))
                        : options);
                for (Advice advice : initial.advise(SOMEBODY)) {
                    points.say(advice.kind() + " " + advice.why());
                }
                initial.drop(SOMEBODY);
                points.at("dropped");
                open.write("still usable");
            }
            points.threw(() -> Files.createFile(uploads.resolve("upload")));
            points.threw(() -> Files.move(log, log.resolveSibling("server.log.1")));
            points.threw(() -> Files.createTempFile("any", "thing"));
            for (int i = 0; i < 100; i++) {
                System.gc();
            }
            try {
                points.say(new byte[Integer.MAX_VALUE].length);
            } catch (OutOfMemoryError e) {
                points.say("out of memory");
            }
        }
    }

    private ObservedChild serve(boolean handsOver) {
        return new ChildCommand(Serves.class, place.toString(), Boolean.toString(handsOver))
                .option("-Djava.io.tmpdir=" + place.resolve("tmp")).option("-XX:+DisplayVMOutputToStderr").option("-Xmx32m")
                .option("-Xlog:gc*=debug:file=" + place.resolve("gc/gc.log") + "::filecount=3,filesize=20k")
                .option("-XX:+HeapDumpOnOutOfMemoryError").option("-XX:HeapDumpPath=" + place.resolve("dump"))
                .logging("warning").apart().start().together();
    }

    @Test
    void tellsWhatWillFail() throws IOException {
        ObservedChild child = serve(false);
        Path uploads = Path.of(child.said());
        assertThat(List.of(child.said(), child.said(), child.said(), child.said(), child.said())).containsExactly(
                "TEMPORARY_DIRECTORY the directory is younger than the JVM, and uid 65534 cannot search it",
                "OPEN_FILES uid 65534 cannot write the directory " + place.resolve("log"),
                "JVM_LOG uid 65534 cannot write the directory " + place.resolve("gc"),
                "NEW_FILES uid 65534 cannot write " + place.resolve("tmp"),
                "NEW_FILES uid 65534 cannot write " + place.resolve("dump"));
        child.at("dropped");
        assertThat(child.threw().message()).contains(uploads.resolve("upload").toString());
        assertThat(child.threw().message()).contains("server.log");
        assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
        assertThat(child.said()).isEqualTo("out of memory");
        String errors = child.errors();
        assertThat(errors).contains("Could not rename", "Unable to create");
        assertThat(errors.lines().filter(line -> line.startsWith("nucleus.caps: warning: "))).hasSize(5)
                .first().asString().contains("if this program uses " + uploads + ", that fails");
        assertThat(names("log")).containsExactly("server.log");
        assertThat(names("gc")).containsExactly("gc.log");
        assertThat(names("dump")).isEmpty();
    }

    @Test
    void whatIsHandedOverWorks() throws IOException {
        ObservedChild child = serve(true);
        Path uploads = Path.of(child.said());
        child.at("dropped");
        assertThat(child.saidNothingThrown()).isTrue();
        assertThat(child.saidNothingThrown()).isTrue();
        assertThat(child.saidNothingThrown()).isTrue();
        assertThat(child.said()).isEqualTo("out of memory");
        assertThat(child.errors()).contains("Heap dump file created");
        assertThat(uploads.resolve("upload")).exists();
        assertThat(names("log")).containsExactly("server.log.1");
        assertThat(names("gc")).contains("gc.log", "gc.log.0");
        assertThat(names("dump")).hasSize(1);
    }

    private List<String> names(String directory) throws IOException {
        try (var files = Files.list(place.resolve(directory))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
