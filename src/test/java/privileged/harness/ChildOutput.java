package privileged.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a child writes: its output line by line, and all of its two streams for a message. */
final class ChildOutput {

    /** Comes after the last line. */
    static final String END = "END";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuffer output = new StringBuffer();
    private final StringBuffer errors = new StringBuffer();
    private final List<Thread> readers;

    ChildOutput(Process process) {
        this.process = process;
        this.readers = List.of(Thread.ofPlatform().daemon().start(this::readOutput),
                Thread.ofPlatform().daemon().start(this::readErrors));
    }

    /** {@return the next line, or null if there is none for so long} */
    String line(Duration patience) throws InterruptedException {
        return lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** {@return what it wrote to its standard error until now} */
    String errors() {
        return errors.toString();
    }

    /** Waits until both streams are read to their end. */
    void awaitEnd(Duration patience) {
        try {
            for (Thread reader : readers) {
                reader.join(patience);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void readOutput() {
        read(process.inputReader(StandardCharsets.UTF_8), output, true);
        lines.add(END);
    }

    private void readErrors() {
        read(process.errorReader(StandardCharsets.UTF_8), errors, false);
    }

    private void read(BufferedReader from, StringBuffer to, boolean heard) {
        try (from) {
            for (String line; (line = from.readLine()) != null;) {
                to.append(line).append('\n');
                if (heard) {
                    lines.add(line);
                }
            }
        } catch (IOException e) {
            to.append("not read to its end: ").append(e.getMessage()).append('\n');
        }
    }

    @Override
    public String toString() {
        return "its output:\n" + output + "its errors:\n" + errors;
    }
}
