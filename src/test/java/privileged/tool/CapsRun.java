package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import privileged.harness.ChildCommand;
import privileged.harness.SharedClasses;

/** {@code caps run} as a process, without the script. */
final class CapsRun {

    static final String NOBODY = "--uid 65534 --gid 65534 ";

    private CapsRun() {
    }

    /** Options separated by spaces, and a command. */
    static Process caps(String options, String... command) throws IOException {
        return caps(List.of(), options, command);
    }

    static Process caps(List<String> prefix, String options, String... command) throws IOException {
        List<String> line = new ArrayList<>(prefix);
        // A JVM does not take a signal that it finds ignored, as one that was started in the background may.
        line.addAll(List.of("env", "--default-signal=TERM,INT,HUP"));
        line.addAll(program("run"));
        Stream.of(options.split(" ")).filter(word -> !word.isEmpty()).forEach(line::add);
        line.add("--");
        line.addAll(Arrays.asList(command));
        return ChildCommand.unbiased(new ProcessBuilder(line)).redirectErrorStream(true).start();
    }

    /** {@return the caps program with that command, readable by every user} */
    static List<String> program(String command) {
        List<String> line = new ArrayList<>(SharedClasses.ofProgram(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "--enable-native-access=nucleus.caps")));
        line.add(command);
        return line;
    }

    static int status(Process process) throws InterruptedException {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return process.exitValue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
