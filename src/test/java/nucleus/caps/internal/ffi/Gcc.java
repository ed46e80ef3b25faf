package nucleus.caps.internal.ffi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The judge of the drift audit. Whatever goes wrong with it is a failure: only a silent success is one. */
public record Gcc(List<String> command, Duration patience) {

    public static final Gcc INSTALLED = new Gcc(List.of("gcc"), Duration.ofMinutes(1));

    /** The checkout: a test that runs elsewhere says where it is. */
    static final Path BASEDIR = Path.of(System.getProperty("caps.basedir", "")).toAbsolutePath();

    private static final List<String> OPTIONS = List.of("-std=gnu11", "-fsyntax-only", "-Wall", "-Wcast-function-type",
            "-Werror", "-I", BASEDIR.resolve("headers").toString());

    /** @param floor so many asserts at least, or the generator has lost some */
    public void mustAccept(CAsserts asserts, int floor) {
        if (asserts.asserts().size() < floor) {
            throw new AssertionError("only %d asserts, not %d".formatted(asserts.asserts().size(), floor));
        }
        try {
            Path source = Files.createTempFile("drift", ".c");
            Path log = Files.createTempFile("drift", ".log");
            try {
                Files.writeString(source, asserts.source());
                int status = run(source, log);
                String said = Files.readString(log);
                if (status != 0 || !said.isEmpty()) {
                    throw new AssertionError("gcc ended with %d and said:%n%s".formatted(status, said));
                }
            } finally {
                Files.delete(source);
                Files.delete(log);
            }
        } catch (IOException e) {
            throw new AssertionError("the drift audit broke: " + e, e);
        }
    }

    private int run(Path source, Path log) throws IOException {
        Process gcc = start(source, log);
        try {
            if (gcc.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return gcc.exitValue();
            }
            throw new AssertionError("gcc did not end in " + patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while gcc ran", e);
        } finally {
            gcc.destroyForcibly();
        }
    }

    private Process start(Path source, Path log) {
        List<String> line = new ArrayList<>(command);
        line.addAll(OPTIONS);
        line.add(source.toString());
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AssertionError("install gcc and linux-libc-dev (%s)".formatted(e.getMessage()), e);
        }
    }
}
