package privileged.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import privileged.harness.OutsideStatus;

/** A container runtime, and what it makes of a row. To make a container it needs CAP_SYS_ADMIN. */
enum OciRuntime {

    RUNC("unable to apply caps: operation not permitted", "runc"),

    /** It knows one hierarchy of control groups, and here there may be two. */
    CRUN("capset: Operation not permitted", "unshare", "--mount", "--propagation", "private", "sh", "-ec",
            "mount -t cgroup2 none /sys/fs/cgroup; exec \"$@\"", "sh", "crun", "--cgroup-manager=disabled");

    /** What comes of a row. */
    sealed interface Outcome {
    }

    /** What the process was before it executed the program, and what the program printed. */
    record Given(OutsideStatus before, List<String> lines) implements Outcome {
    }

    /** What the runtime said. */
    record Refused(String message) implements Outcome {
    }

    /** Set by who runs the tests in a container, where no other container may be made. */

    private static final OciRow TRIVIAL = new OciRow("trivial", "0:0", false, Map.of(), OciRow.GIVES, OciRow.GIVES,
            OciRow.GIVES);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ID = "nucleus-caps-" + ProcessHandle.current().pid();
    private static final String CREATE = "create";
    private static final String ERRORS = "errors";
    private static final String LAST = "Securebits:";
    private static final Map<OciRuntime, Outcome> PROBES = new EnumMap<>(OciRuntime.class);

    private final String refusal;
    private final List<String> command;

    OciRuntime(String refusal, String... command) {
        this.refusal = refusal;
        this.command = Stream.of(OciRow.without(), command).flatMap(Arrays::stream).toList();
    }

    /** What the table expects of it: one of its words, or what it is to say. */
    String expected(OciRow row) {
        String word = this == RUNC ? row.runc() : row.crun();
        return word.equals(OciRow.REFUSES) ? refusal : word;
    }

    /** Fails where the runtime cannot make even the simplest container, before a row is blamed for it. */
    void requireRuns(OciBundle bundle) {
        if (PROBES.computeIfAbsent(this, runtime -> runtime.run(bundle, TRIVIAL)) instanceof Refused refused) {
            throw new AssertionError(this + " makes no container here: " + refused.message());
        }
    }

    /**
     * Makes a container as far as the point where its process waits, as it will be, for the word to execute the
     * program; looks at it from outside; and lets it go on.
     */
    Outcome run(OciBundle bundle, OciRow row) {
        try {
            bundle.write(row);
            Path pid = bundle.file("pid");
            if (!call(bundle, CREATE, "--bundle", bundle.directory().toString(), "--pid-file", pid.toString(), ID)) {
                return refused(bundle);
            }
            OutsideStatus before = OutsideStatus.of(Long.parseLong(Files.readString(pid)));
            return call(bundle, "start", ID) ? new Given(before, lines(bundle.file(CREATE))) : refused(bundle);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            call(bundle, "delete", "--force", ID);
        }
    }

    private static Refused refused(OciBundle bundle) throws IOException {
        return new Refused(Files.readString(bundle.file(ERRORS)).strip());
    }

    /** {@return whether it ended well} The process of a container has the standard output of who created it. */
    private boolean call(OciBundle bundle, String... words) {
        List<String> whole = Stream.of(command, List.of("--root", bundle.file("state").toString()), List.of(words))
                .flatMap(List::stream).toList();
        try {
            Process process = new ProcessBuilder(whole).redirectInput(new File("/dev/null"))
                    .redirectOutput(bundle.file(words[0]).toFile()).redirectError(bundle.file(ERRORS).toFile()).start();
            assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).as("%s ends", whole).isTrue();
            return process.exitValue() == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> lines(Path output) throws IOException, InterruptedException {
        long began = System.nanoTime();
        List<String> lines = Files.readAllLines(output);
        while (lines.isEmpty() || !lines.getLast().startsWith(LAST)) {
            assertThat(System.nanoTime() - began).as("%s: the program printed %s", this, lines)
                    .isLessThan(PATIENCE.toNanos());
            Thread.sleep(2);
            lines = Files.readAllLines(output);
        }
        return lines.stream().map(String::stripTrailing).toList();
    }
}
