package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import privileged.harness.ChildCommand;
import privileged.harness.Modules;

/**
 * A program that knows nothing of tests, with its standard streams; after a minute it is ended.
 * It has no terminal, and a working directory for everybody: about others there could be advice.
 */
final class ConsumerProcess implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;
    private final Path errors = Modules.directory("rwx------").resolve("errors");

    ConsumerProcess(List<String> command) throws IOException {
        List<String> limited = new ArrayList<>(List.of("setsid", "timeout", "60"));
        limited.addAll(command);
        process = ChildCommand.unbiased(new ProcessBuilder(limited)).directory(Modules.readable().toFile())
                .redirectError(errors.toFile()).start();
        output = process.inputReader();
    }

    /** The next line that it prints; null where it has ended. */
    String line() throws IOException {
        return output.readLine();
    }

    /** Reads on until it prints that line. A server may print its log too. */
    void until(String line) throws IOException {
        List<String> others = new ArrayList<>();
        for (String next = line(); !line.equals(next); next = line()) {
            assertThat(next).as("after %s, instead of %s: %s", others, line, errors()).isNotNull();
            others.add(next);
        }
    }

    /** Lets it go on, as it waits for a line. */
    void goOn() throws IOException {
        process.outputWriter().append('\n').flush();
    }

    /** Waits until it writes such a line to its standard error, and gives that line. */
    String error(String part) throws Exception {
        while (true) {
            Optional<String> error = errors().stream().filter(line -> line.contains(part)).findFirst();
            if (error.isPresent()) {
                return error.get();
            }
            assertThat(process.isAlive()).as("%s", errors()).isTrue();
            Thread.sleep(5);
        }
    }

    /** What comes back from the program that reads its standard input. */
    String echo(String line) throws IOException {
        process.outputWriter().append(line).append('\n').flush();
        return line();
    }

    /** The last in the chain of those that were started. */
    ProcessHandle worker() {
        ProcessHandle last = process.toHandle();
        for (List<ProcessHandle> next; !(next = last.children().toList()).isEmpty();) {
            assertThat(next).hasSize(1);
            last = next.getFirst();
        }
        return last;
    }

    /** Ends its standard input, and gives what else it prints. */
    List<String> rest() throws IOException {
        process.outputWriter().close();
        return output.lines().toList();
    }

    /** Ends its standard input, after which it must print nothing, and gives its exit code. */
    int end() throws Exception {
        assertThat(rest()).isEmpty();
        return process.waitFor();
    }

    /** What it wrote to its standard error, without empty lines. */
    List<String> errors() throws IOException {
        try (Stream<String> lines = Files.lines(errors)) {
            return lines.filter(line -> !line.isEmpty()).toList();
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
