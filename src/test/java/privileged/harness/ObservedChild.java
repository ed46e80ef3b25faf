package privileged.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

    private final Process process;
    private final List<String> command;
    private final Duration patience;
    private final ChildOutput output;
    private final OtherThreads others;
    private final StringBuffer errors = new StringBuffer();
    private final OutsideStatus start;
    private long thread;
    private boolean waiting;
    private boolean ended;

    public ObservedChild(Process process, List<String> command, Duration patience) {
        this.process = process;
        this.command = command;
        this.patience = patience;
        this.output = new ChildOutput(process);
        this.others = new OtherThreads(patience);
        this.start = arrive(START);
        others.check(process(), start, start);
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
        others.inheriting(name);
        return this;
    }

    /** Lets the child go on to that point, and reads the thread that came to it. */
    public OutsideStatus at(String point) {
        OutsideStatus seen = arrive(point);
        others.announced(thread);
        others.check(process(), start, seen);
        return seen;
    }

    /** From now on every thread of the child is to be as the one that comes to a point: Scope.PROCESS. */
    public ObservedChild together() {
        others.together();
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
        return output.errors();
    }

    @Override
    public void close() {
        try {
            if (!ended) {
                end();
                if (!output.errors().isEmpty()) {
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
        if (!line.equals(ChildOutput.END)) {
            throw failure("is not at its end: " + line);
        }
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failure("does not end");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        output.awaitEnd(patience);
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
            String line = output.line(patience);
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

    private AssertionError failure(String what) {
        ended = true;
        kill();
        return new AssertionError("the child " + what + "\n" + output + "its command: " + String.join(" ", command));
    }

    /** Not by Process.destroyForcibly, which closes the pipes with the child's last words still in them. */
    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.toHandle().destroyForcibly();
        output.awaitEnd(patience);
    }
}
