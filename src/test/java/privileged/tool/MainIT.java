package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
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

/** The program says what it was asked for and nothing else, whatever log4j-api finds. */
@Privileged
@SameInContainers
class MainIT {

    private static final String LEVEL = "-Dorg.apache.logging.log4j.simplelog.level=";
    private static final String STAYS_ROOT = "WARN caps DroppedPhase[PROCESS, bounding=none permitted=none effective=none"
            + " inheritable=none ambient=none]: a uid, gid or group is still 0; it owns /proc/sys and /etc, and can regain"
            + " every capability through them";

    @Test
    void printsOnlyTheAnswer() throws Exception {
        assertThat(errors(List.of(), "drop", "--stay-root")).isEmpty();
    }

    @Test
    void verboseShowsWhatTheLibraryLogs() throws Exception {
        assertThat(errors(List.of(), "-v", "drop", "--stay-root").lines()).hasSize(3)
                .startsWith("DEBUG caps ready").endsWith(STAYS_ROOT)
                .element(1).asString().startsWith("DEBUG caps bounding set dropped: BoundingDroppedPhase[PROCESS, ");
    }

    @Test
    void respectsAChosenLevel() throws Exception {
        assertThat(errors(List.of(LEVEL + "WARN"), "drop", "--stay-root").lines()).containsExactly(STAYS_ROOT);
    }

    /** That of another program is not for the tool to decide. */
    @Test
    void respectsAChosenProvider() throws Exception {
        assertThat(errors(List.of("-Dlog4j.provider=no.such.Provider"), "drop", "--stay-root"))
                .contains("ClassNotFoundException: no.such.Provider");
    }

    /** What the command writes to its standard error, having ended well. */
    private static String errors(List<String> options, String... words) throws IOException, InterruptedException {
        Path modules = Modules.readable();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "--enable-native-access=nucleus.caps", "-p",
                modules.resolve("classes") + File.pathSeparator + modules.resolve("lib")));
        command.addAll(options);
        command.addAll(List.of("-m", "nucleus.caps/nucleus.caps.tool.Main"));
        command.addAll(Arrays.asList(words));
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return errors;
    }
}
