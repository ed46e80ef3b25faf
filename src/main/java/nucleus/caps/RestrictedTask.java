package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task with less privilege, on a thread of its own that does nothing else and is gone afterwards.
 *
 * {@snippet class="snippets.Restricted" region="task"}
 *
 * <p><b>What the thread has given up.</b> The function returns {@link Phase.Dropped}: the task holds nothing but what the
 * function said to keep. {@code apply} and {@code enter} end in {@link Phase.Applied}, which can hold every capability, so
 * they do not compile here. Where a program needs five explicit sets, use {@link Launcher}, or
 * {@code Caps.begin(Scope.THREAD)} on a thread of your own.
 *
 * <p><b>What does not follow the task.</b> Whatever it hands to others is done with their privileges: what it submits to
 * a pool, a parallel stream, a virtual thread, a timer, a cleaner, a finalizer; and the class loading and the static
 * initialisers of others that it waits for. It is no boundary against hostile code, since it shares the memory of
 * threads that hold more. What must be confined belongs in a process, {@link Launcher}.
 *
 * <p><b>What it may poison.</b> A thread inherits from the one that creates it, for good. So whatever the task causes to
 * be created for the first time stays restricted and serves others later: workers of the common pool, carriers of
 * virtual threads, the threads of an HttpClient or of an executor, and the JDK's "process reaper" of each process that
 * it starts. A task should use what is there already, and create no thread that outlives it. {@link Scope#PROCESS} is
 * refused as long as such a thread cannot follow the others.
 */
public final class RestrictedTask {

    private static final long STEP = 1_000_000;
    private static final int STEPS = 30_000;

    private RestrictedTask() {
    }

    /** What the thread came to. */
    private static final class Run<T extends @Nullable Object> implements Runnable {

        private final Function<Phase.Initial, Phase.Dropped> how;
        private final Callable<T> task;
        private volatile int tid;
        @SuppressWarnings("NullAway.Init") // read only if nothing was thrown, and null if that is what the task gave
        private T result;
        private @Nullable Throwable thrown;

        Run(Function<Phase.Initial, Phase.Dropped> how, Callable<T> task) {
            this.how = how;
            this.task = task;
        }

        @Override
        public void run() {
            try {
                Phase.Initial initial = Caps.begin(Scope.THREAD);
                tid = initial.observed().getFirst().tid();
                requireOwn(requireNonNull(how.apply(initial), "the drop gave nothing"));
                result = task.call();
            } catch (Throwable e) {
                thrown = e;
            }
        }

        /** A drop of another thread, or one that this thread was not there for, says nothing about this one. */
        private void requireOwn(Phase.Dropped dropped) {
            if (dropped.scope() != Scope.THREAD || dropped.observed().getFirst().tid() != tid) {
                throw new IllegalStateException("the drop is not that of the thread which is to run the task");
            }
        }
    }

    /**
     * Runs a task on a fresh platform thread that has given up privileges before. Returns when that thread is gone. If
     * the calling thread is interrupted, the task is, too.
     *
     * @param how the drop of that thread, from the phase it is given to its end
     * @param task what to do then
     * @param <T> what it gives
     * @return what the task gave
     * @throws Exception what the task threw, or the drop; after a drop that failed the task is not run
     */
    public static <T> T call(Function<Phase.Initial, Phase.Dropped> how, Callable<T> task) throws Exception {
        Run<T> run = new Run<>(requireNonNull(how, "how"), requireNonNull(task, "task"));
        Thread thread = Thread.ofPlatform().name("nucleus.caps task").inheritInheritableThreadLocals(false).start(run);
        boolean interrupted = join(thread);
        interrupted |= awaitGone(run.tid);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (run.thrown instanceof Error error) {
            throw error;
        }
        if (run.thrown != null) {
            throw (Exception) run.thrown;
        }
        return run.result;
    }

    /** {@return whether the calling thread was interrupted} */
    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
    }

    /** To Java a thread has ended a little before the kernel is done with it; until then it differs from the others. */
    private static boolean awaitGone(int tid) {
        boolean interrupted = false;
        Path task = Path.of("/proc/self/task/" + tid);
        for (int i = 0; i < STEPS && tid != 0 && Files.exists(task); i++) {
            LockSupport.parkNanos(STEP);
            interrupted |= Thread.interrupted();
        }
        return interrupted;
    }
}
