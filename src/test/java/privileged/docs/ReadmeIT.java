package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    void eachBlockPrintsWhatIsToldOfIt(Readme.Block block, @TempDir Path directory) throws Exception {
        String output = run(block.commands(), directory);

        List<String> told = block.output().orElseThrow().lines().toList();
        if (block.commands().startsWith("scripts/jshell\n")) {
            List<String> typed = block.commands().lines().skip(1).toList();
            told = told.stream().filter(line -> !line.startsWith(PROMPT) && !line.isBlank()).toList();
            output = output.lines().map(line -> withoutEcho(line, typed)).filter(line -> !line.isBlank())
                    .map(line -> line + "\n").collect(Collectors.joining());
        }
        assertThat(output).matches(Readme.pattern(told));
    }

    /** This test is a part of it. */
    @Test
    void theBuildIsWhatIsRunHere() throws IOException {
        assertThat(Readme.blocks()).filteredOn(block -> block.commands().equals(THE_BUILD)).hasSize(1);
        assertThat(Files.readString(BASE.resolve(".ci/run"))).contains(THE_BUILD.strip());
        assertThat(blocks()).hasSize(11);
    }

    /** A shell reads its commands from where a program that it starts reads on: as from a terminal. It has none. */
    private static String run(String commands, Path directory) throws IOException, InterruptedException {
        Path file = Files.writeString(directory.resolve("commands"), commands);
        Path printed = directory.resolve("printed");
        Process process = ChildCommand.unbiased(new ProcessBuilder("setsid", "bash", "-e")).directory(BASE.toFile())
                .redirectInput(file.toFile()).redirectErrorStream(true).redirectOutput(printed.toFile()).start();
        boolean ended = process.waitFor(120, TimeUnit.SECONDS);
        String output = Files.readString(printed, StandardCharsets.UTF_8);
        assertThat(ended).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output.replace(new CapabilitySet(OutsideStatus.mine().effective()).toString(), "all");
    }

    /** When jshell reads from a file, it echoes some lines, and some of these only in part. */
    private static String withoutEcho(String line, List<String> typed) {
        String rest = line;
        while (rest.startsWith(PROMPT)) {
            rest = rest.substring(PROMPT.length());
        }
        String shown = rest;
        return shown.substring(typed.stream().mapToInt(echo -> commonPrefix(echo, shown)).max().orElse(0));
    }

    private static int commonPrefix(String one, String other) {
        int difference = Arrays.mismatch(one.toCharArray(), other.toCharArray());
        return difference < 0 ? one.length() : difference;
    }
}
