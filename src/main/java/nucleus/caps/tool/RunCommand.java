package nucleus.caps.tool;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.jspecify.annotations.Nullable;

/** {@code caps run}: becomes a program, or with {@code --wait} starts it and ends with its exit code. */
final class RunCommand {

    /** The exit codes of env(1) and nohup(1). */
    private static final int REFUSED = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private final PrintWriter err;
    private final RunOptions options;

    private RunCommand(PrintWriter err, RunOptions options) {
        this.err = err;
        this.options = options;
    }

    /**
     * Runs the command.
     *
     * @param mayExec whether this process may become the command; otherwise this JVM belongs to somebody else and waits
     */
    static int run(PrintWriter err, List<String> words, boolean mayExec) {
        try {
            RunOptions options = RunOptions.parse(words);
            return mayExec && !options.waits() ? new RunCommand(err, options).becomeCommand()
                    : new WaitingRun(err, options).run();
        } catch (CapsException e) {
            err.println("caps: " + Line.refusal(e));
            return status(e);
        } catch (IllegalArgumentException | IOException e) {
            err.println("caps: " + Line.message(e));
            return REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return REFUSED;
        }
    }

    /** Changes a new thread and executes the command there. The calling thread can still report a failure as before. */
    private int becomeCommand() throws InterruptedException {
        Set<Integer> descriptors = StartState.descriptors();
        Failure failure = new Failure();
        Thread thread = Thread.ofPlatform().name("caps run").uncaughtExceptionHandler(failure)
                .start(() -> restrictAndExec(descriptors));
        thread.join();
        throw failure.asRuntimeException();
    }

    private void restrictAndExec(Set<Integer> descriptors) {
        options.settings().applyBefore();
        Phase.Initial initial = Caps.begin(Scope.THREAD, options::with);
        ThreadStatus self = initial.observed().getFirst();
        Identity identity = options.identityOr(self);
        Optional<Map<String, String>> environment = options.environment(identity.uid());
        options.warn(err, self);
        Phase.Ended ended = restrict(initial, identity, self);
        options.settings().applyAfter();
        StartState.ignoreSignals();
        if (environment.isPresent()) {
            ended.exec(options.command(), environment.get(), descriptors);
        } else {
            ended.exec(options.command(), descriptors);
        }
    }

    private Phase.Ended restrict(Phase.Initial initial, Identity identity, ThreadStatus self) {
        if (!options.isUnprivileged()) {
            return initial.apply(options.sets(self), identity);
        }
        return options.identity().isPresent() ? initial.lockUnprivileged(identity) : initial.lockUnprivileged();
    }

    /** Why the thread ended. */
    private static final class Failure implements Thread.UncaughtExceptionHandler {

        private volatile @Nullable Throwable cause;

        @Override
        public void uncaughtException(Thread thread, Throwable thrown) {
            cause = thrown;
        }

        RuntimeException asRuntimeException() {
            if (cause instanceof Error error) {
                throw error;
            }
            return cause instanceof RuntimeException exception ? exception
                    : new IllegalStateException("the command did not begin");
        }
    }

    private static int status(CapsException refused) {
        if (!refused.syscall().startsWith("execve(")) {
            return REFUSED;
        }
        return switch (refused.errnoName()) {
            case "ENOENT" -> NOT_FOUND;
            case "" -> REFUSED;
            default -> NOT_EXECUTABLE;
        };
    }
}
