package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import privileged.harness.Modules;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The program says what it was asked for and nothing else. */
@Privileged
@SameInContainers
class MainIT {

    private static final String STAYS_ROOT = "nucleus\\.caps: warning: dropped [0-9]+ threads from uid 0, gid 0, groups .* to"
            + " uid 0, gid 0, groups .*; kept none; no_new_privs set; [0-9]+ ms; a uid, gid or group is still 0: it owns"
            + " /proc/sys and /etc, and can regain every capability through them";

    @Test
    void printsOnlyTheAnswer() throws Exception {
        assertThat(errors(List.of(), "drop", "--stay-root")).isEmpty();
    }

    @Test
    void verboseShowsWhatTheLibraryLogs() throws Exception {
        assertThat(errors(List.of(), "-v", "drop", "--stay-root").lines()).satisfiesExactly(
                line -> assertThat(line).startsWith("nucleus.caps: debug: reached BoundingDroppedPhase[PROCESS, "),
                line -> assertThat(line).matches(STAYS_ROOT));
    }

    @Test
    void respectsAChosenLevel() throws Exception {
        assertThat(errors(List.of("-Dnucleus.caps.log=warning"), "drop", "--stay-root").strip()).matches(STAYS_ROOT);
    }

    @Test
    void aWordThatIsNoLevelShowsEverything() throws Exception {
        assertThat(errors(List.of("-Dnucleus.caps.log=loud"), "drop", "--uid", "65534", "--gid", "65534").lines()).hasSize(4)
                .startsWith("nucleus.caps: warning: the property nucleus.caps.log is none of debug, info, warning, error and"
                        + " off: loud");
    }

    /** What the command writes to its standard error, having ended well. */
    private static String errors(List<String> options, String... words) throws IOException, InterruptedException {
        Path modules = Modules.readable();
        List<String> command = new ArrayList<>(List.of("setsid", Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=nucleus.caps", "-p", modules.resolve("classes").toString()));
        command.addAll(options);
        command.addAll(List.of("-m", "nucleus.caps/nucleus.caps.tool.Main"));
        command.addAll(Arrays.asList(words));
        Process process =
                new ProcessBuilder(command).directory(modules.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return errors;
    }
}
