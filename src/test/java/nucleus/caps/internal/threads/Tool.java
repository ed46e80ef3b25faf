package nucleus.caps.internal.threads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A program that a test needs. One that is missing fails the test, in one line that says what to install. */
public record Tool(String name, String debianPackage) {

    public static final Path BASEDIR = Path.of(System.getProperty("caps.basedir", "")).toAbsolutePath();

    private static final int PATIENCE = 60;

    /** What it said, both streams in one, and how it ended. */
    public record Result(int status, String output) {
    }

    /** {@return what it said, having ended well} */
    public String run(String... arguments) {
        return run(null, arguments);
    }

    /** @param input a file to read, or null */
    String run(Path input, String... arguments) {
        Result result = start(input, arguments);
        if (result.status != 0) {
            throw new AssertionError("%s %s ended with %d:%n%s".formatted(
                    name, String.join(" ", arguments), result.status, result.output));
        }
        return result.output;
    }

    public Result start(Path input, String... arguments) {
        List<String> command = Stream.concat(Stream.of(name), Arrays.stream(arguments)).toList();
        if (!name.contains("/") && !installed()) {
            throw new AssertionError(name + " is missing: apt-get install " + debianPackage);
        }
        try {
            Path output = Files.createTempFile("tool", ".log");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                        .redirectOutput(output.toFile());
                if (input != null) {
                    builder.redirectInput(input.toFile());
                }
                Process process = builder.start();
                if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                    throw new AssertionError("%s did not end within %d s:%n%s".formatted(
                            String.join(" ", command), PATIENCE, Files.readString(output)));
                }
                return new Result(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private boolean installed() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, name)));
    }
}
