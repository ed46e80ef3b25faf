package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, with no input and with both outputs in one. */
public final class Command {

    private static final int PATIENCE = 60; // seconds

    /** How a program ended, and what it printed. */
    public record Result(int status, String output) {
    }

    private Command() {
    }

    /** {@return what a program printed, after it ended with status 0} */
    public static String run(String... command) {
        return run(List.of(command));
    }

    /** {@return what a program printed, after it ended with status 0} */
    public static String run(List<String> command) {
        Result result = result(new ProcessBuilder(command));
        if (result.status != 0) {
            throw new AssertionError("%s ended with %d:%n%s".formatted(command, result.status, result.output));
        }
        return result.output;
    }

    /** {@return the lines that a program printed, after it ended with status 0} */
    public static List<String> lines(String... command) {
        return run(command).lines().toList();
    }

    public static Result result(String... command) {
        return result(new ProcessBuilder(command));
    }

    public static Result result(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(builder.command() + " closed its output, and runs on");
            }
            return new Result(process.exitValue(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
