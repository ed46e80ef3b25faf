package privileged.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A child JVM that may hang or end at any point. Here that is a result; in {@link ObservedChild} it fails the test. */
public final class FragileChild {

    private static final Pattern POINT = Pattern.compile("AT (\\d+) (.*)");
    private static final int SHOWN = 400;

    /** A thread of the child has come to a point, and waits there. */
    public record Point(long tid, String text) {
    }

    /** The child does not come to the next point. */
    public static final class Stopped extends Exception {

        private static final long serialVersionUID = 1;

        private final boolean hung;

        Stopped(boolean hung, String message) {
            super(message);
            this.hung = hung;
        }

        /** {@return whether it lives and says nothing} */
        public boolean hung() {
            return hung;
        }
    }

    private final Process process;
    private final BufferedReader output;
    private final Path errors;
    private final Duration patience;

    /**
     * Starts it.
     *
     * @param errors where it writes its errors
     * @param patience how long it may be silent
     */
    public FragileChild(ChildCommand launch, Path errors, Duration patience) throws IOException {
        process = launch.option("-XX:-CreateCoredumpOnCrash").firstOption("-XX:ErrorFile=/dev/null").builder()
                .redirectError(errors.toFile()).start();
        output = process.inputReader();
        this.errors = errors;
        this.patience = patience;
    }

    public Process process() {
        return process;
    }

    /** Waits for the next point. */
    public Point next() throws Stopped {
        try {
            String line = CompletableFuture.supplyAsync(this::line).get(patience.toMillis(), TimeUnit.MILLISECONDS);
            Matcher matcher = POINT.matcher(line);
            if (!matcher.matches()) {
                throw new IllegalStateException("the child says " + line);
            }
            return new Point(Long.parseLong(matcher.group(1)), matcher.group(2));
        } catch (TimeoutException e) {
            throw new Stopped(true, "says nothing for " + patience);
        } catch (ExecutionException e) {
            throw ended();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends with an exception if the child has ended. */
    private String line() {
        try {
            String line = output.readLine();
            if (line == null) {
                throw new IOException("the child says nothing more");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it leave the point. */
    public void goOn() throws Stopped {
        try {
            process.outputWriter().write('\n');
            process.outputWriter().flush();
        } catch (IOException e) {
            throw ended();
        }
    }

    /** {@return how it ended, if it has said its last} */
    public Stopped ended() {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Stopped(true, "neither speaks nor ends");
            }
            String said = Files.readString(errors);
            return new Stopped(false, "exit code " + process.exitValue() + ": "
                    + said.substring(0, Math.min(said.length(), SHOWN)).strip().replaceAll("\\s+", " "));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
