package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM that stops at named points, where its state is read from outside.
 *
 * <p>At each point every thread of it but those that announced a point of their own must be as all of them were at
 * the start. Leaving the {@code try} block is a check too: that the child was at its end, with exit code 0 and
 * nothing on standard error.
 */
public final class ObservedChild implements AutoCloseable {

    public static final String START = "start";

    /** What a child says for its thread id where its /proc does not tell. */
    public static final String UNKNOWN = "0";

    private static final String END = "END";

    private final Process process;
    private final List<String> command;
    private final Duration patience;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final StringBuffer output = new StringBuffer();
    private final StringBuffer errors = new StringBuffer();
    private final List<Thread> readers;
    private final Set<String> announced = new HashSet<>();
    private final Set<String> inheriting = new HashSet<>();
    private final OutsideStatus start;
    private long thread;
    private boolean waiting;
    private boolean together;
    private boolean ended;

    public ObservedChild(Process process, List<String> command, Duration patience) {
        this.process = process;
        this.command = command;
        this.patience = patience;
        this.readers = List.of(Thread.ofPlatform().daemon().start(this::readOutput),
                Thread.ofPlatform().daemon().start(this::readErrors));
        this.start = arrive(START);
        othersAre(start);
    }

    public static ObservedChild start(Class<? extends ChildScenario> scenario, String... args) {
        return of(scenario, args).start();
    }

    public static ChildCommand of(Class<? extends ChildScenario> scenario, String... args) {
        return new ChildCommand(scenario, args);
    }

    /** What every thread of the child held before the scenario began. */
    public OutsideStatus start() {
        return start;
    }

    /** Threads of that name are created by a restricted one, and hold as little as it. */
    public ObservedChild inheriting(String name) {
        inheriting.add(name);
        return this;
    }

    /** Lets the child go on to that point, and reads the thread that came to it. */
    public OutsideStatus at(String point) {
        OutsideStatus seen = arrive(point);
        announced.add(Long.toString(thread));
        othersAre(together ? seen : start);
        return seen;
    }

    /** From now on every thread of the child is to be as the one that comes to a point: Scope.PROCESS. */
    public ObservedChild together() {
        together = true;
        return this;
    }

    /** The thread that came to the last point. */
    public long thread() {
        return thread;
    }

    /** The child itself. */
    public long process() {
        return ProcTasks.process(thread);
    }

    /** Lets the child go on until it says something that is not about its own state. */
    public String said() {
        return next("SAID");
    }

    /** Lets the child go on until it says what an action threw. */
    public Thrown threw() {
        String line = next("THREW");
        if (line.equals("nothing")) {
            throw failure("nothing was thrown");
        }
        return Thrown.parse(line);
    }

    /** Lets the child go on until it says what an action threw: whether that is nothing. */
    public boolean saidNothingThrown() {
        return next("THREW").equals("nothing");
    }

    /** Lets the child go on to its end, and gives what it wrote to its standard error. */
    public String errors() {
        end();
        return errors.toString();
    }

    @Override
    public void close() {
        try {
            if (!ended) {
                end();
                if (!errors.isEmpty()) {
                    throw failure("wrote to its standard error");
                }
            }
        } finally {
            kill();
        }
    }

    private void end() {
        ended = true;
        String line = line();
        if (!line.equals(END)) {
            throw failure("is not at its end: " + line);
        }
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("does not end");
            }
            for (Thread reader : readers) {
                reader.join(patience);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (process.exitValue() != 0) {
            throw failure("ended with exit code " + process.exitValue());
        }
    }

    private OutsideStatus arrive(String point) {
        String[] words = next("AT").split(" ", 2);
        if (!words[1].equals(point)) {
            throw failure("is at \"" + words[1] + "\", not at \"" + point + "\"");
        }
        waiting = true;
        thread = words[0].equals(UNKNOWN) ? youngest() : Long.parseLong(words[0]);
        return OutsideStatus.of(thread);
    }

    private long youngest() {
        return process.descendants().mapToLong(ProcessHandle::pid).max().orElse(process.pid());
    }

    private void othersAre(OutsideStatus expected) {
        for (Path task : ProcTasks.of(process())) {
            if (together || !announced.contains(task.getFileName().toString())) {
                OutsideStatus.ofLiving(task).filter(other -> !other.equals(expected) && !inherits(task)).ifPresent(
                        other -> assertThat(other).as("another thread of the child, %s (%s)", task, ProcTasks.name(task))
                                .isEqualTo(expected));
            }
        }
    }

    /** A thread that has just begun has another's name until it takes its own. */
    private boolean inherits(Path task) {
        long began = System.nanoTime();
        while (!inheriting.isEmpty() && System.nanoTime() - began < patience.toNanos()) {
            String name = ProcTasks.name(task);
            if (inheriting.contains(name) || name.isEmpty()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private String next(String kind) {
        String line = line();
        if (!line.startsWith(kind + " ")) {
            throw failure("says \"" + line + "\", not " + kind);
        }
        return line.substring(kind.length() + 1);
    }

    private String line() {
        try {
            if (waiting) {
                waiting = false;
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            }
            String line = lines.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null) {
                throw failure("says nothing for " + patience);
            }
            return line;
        } catch (IOException e) {
            throw failure("is gone: " + e);
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

    private AssertionError failure(String what) {
        ended = true;
        kill();
        return new AssertionError("the child " + what + "\nits output:\n" + output + "its errors:\n" + errors
                + "its command: " + String.join(" ", command));
    }

    /** Not by Process.destroyForcibly, which closes the pipes with the child's last words still in them. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        try {
            for (Thread reader : readers) {
                reader.join(patience);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
