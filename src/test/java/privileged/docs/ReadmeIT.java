package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.ChildCommand;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The blocks of the README and of src/docs print what these pages say. */
@Privileged
@SameInContainers
class ReadmeIT {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));
    private static final String THE_BUILD = "mvn -B -ntp verify\n";
    private static final String PROMPT = "jshell> ";

    static Stream<Readme.Block> blocks() {
        return Readme.blocks().stream().filter(block -> !block.commands().equals(THE_BUILD));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void printsWhatThePageShows(Readme.Block block, @TempDir Path directory) throws Exception {
        String output = run(block.commands(), directory);

        List<String> told = block.output().orElseThrow().lines().toList();
        if (block.commands().startsWith("scripts/jshell\n")) {
            List<String> typed = block.commands().lines().skip(1).map(PROMPT::concat).toList();
            assertThat(told).filteredOn(line -> line.startsWith(PROMPT)).isEqualTo(typed);
            assertThat(output.lines()).filteredOn(line -> line.startsWith(PROMPT)).hasSameSizeAs(typed);
            told = told.stream().filter(line -> !line.startsWith(PROMPT)).toList();
            output = output.replaceAll("(?m)^" + PROMPT, "");
        }
        assertThat(output).matches(Readme.pattern(told));
    }

    /** This test is a part of it. */
    @Test
    void runsTheBuildOfTheReadme() throws IOException {
        assertThat(Readme.blocks()).filteredOn(block -> block.commands().equals(THE_BUILD)).hasSize(1);
        assertThat(Files.readString(BASE.resolve(".ci/run"))).contains(THE_BUILD.strip());
        assertThat(blocks()).hasSize(7);
    }

    /**
     * Runs the commands in a shell. A program that the shell starts reads the lines after its own, as on a terminal. jshell echoes
     * none of them unless TERM is dumb.
     */
    private static String run(String commands, Path directory) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("commands"), commands);
        Path printed = directory.resolve("printed");
        ProcessBuilder shell = ChildCommand.unbiased(new ProcessBuilder("bash", "-e")).directory(BASE.toFile())
                .redirectInput(file.toFile()).redirectErrorStream(true).redirectOutput(printed.toFile());
        shell.environment().put("TERM", "xterm");
        Process process = shell.start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        String output = Files.readString(printed, StandardCharsets.UTF_8);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.replace(new CapabilitySet(OutsideStatus.mine().effective()).toString(), "all");
    }
}
