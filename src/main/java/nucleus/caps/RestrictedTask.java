package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import java.util.function.Function;
import nucleus.caps.internal.proc.ThreadEnd;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.sys.Cause;
import org.jspecify.annotations.Nullable;

/**
 * Runs a task with fewer privileges, on a new thread that runs only this task and then ends.
 *
 * {@snippet class="snippets.Restricted" region="task"}
 *
 * <p><b>Result of the drop.</b> The function returns {@link Phase.Dropped}: the task holds only what the function keeps.
 * {@code apply} and {@code enter} end in {@link Phase.Applied}, which can hold every capability, so they do not compile
 * here. To run with five explicit sets, use {@link Launcher}, or {@code Caps.begin(Scope.THREAD)} on your own thread.
 *
 * <p><b>Limits.</b> Work that the task passes to other threads runs with their privileges. Examples are pools, parallel
 * streams, virtual threads, timers, cleaners, finalizers, and class loading or static initialisers of other threads that
 * the task waits for. The task is not confined against hostile code, because it shares memory with threads that hold more.
 * Run hostile code in a separate process, {@link Launcher}.
 *
 * <p><b>Side effects.</b> A new thread permanently inherits the state of the thread that creates it. Threads that the task
 * creates for the first time stay restricted and serve other code later: workers of the common pool, carriers of virtual
 * threads, threads of an HttpClient or of an executor, and the JDK's "process reaper" of each process that the task
 * starts. A task should use existing threads, and create no thread that outlives it. {@link Scope#PROCESS} is refused as
 * long as such a thread cannot follow the others.
 */
public final class RestrictedTask {

    private RestrictedTask() {
    }

    /** The task and its outcome. */
    private static final class Run<T extends @Nullable Object> implements Runnable {

        private final Function<Phase.Initial, Phase.Dropped> how;
        private final Callable<T> task;
        private volatile int tid;
        @SuppressWarnings("NullAway.Init") // read only if nothing was thrown; null if the task returned null
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
                requireOwn(requireNonNull(how.apply(initial), "the drop function returned null"));
                result = task.call();
            } catch (Throwable e) {
                thrown = e;
            }
        }

        /** Refuses a drop of another thread, and a drop of the process, which may be older than this thread. */
        private void requireOwn(Phase.Dropped dropped) {
            if (dropped.scope() != Scope.THREAD || dropped.observed().getFirst().tid() != tid) {
                throw new IllegalStateException("the drop function must return a phase of the thread that runs the task");
            }
        }
    }

    /**
     * Runs a task on a new platform thread that has dropped privileges before. Returns when that thread has ended. An
     * interrupt of the calling thread also interrupts the task.
     *
     * @param how the drop of that thread, from the first phase to the last
     * @param task the task
     * @param <T> the type of the result
     * @return the result of the task
     * @throws CapsException EAGAIN if the kernel creates no thread
     * @throws Exception the exception of the task or of the drop; if the drop fails, the task does not run
     */
    public static <T> T call(Function<Phase.Initial, Phase.Dropped> how, Callable<T> task) throws Exception {
        Run<T> run = new Run<>(requireNonNull(how, "how"), requireNonNull(task, "task"));
        Thread thread = Thread.ofPlatform().name("nucleus.caps task").inheritInheritableThreadLocals(false).unstarted(run);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw Cause.ofStart(e);
        }
        ThreadEnd.join(thread, true);
        if (!ThreadEnd.awaitGone(run.tid)) { // until then it differs from the other threads
            Log.warn("the thread of a restricted task still exists: " + run.tid);
        }
        if (run.thrown != null) {
            throw RestrictedTask.<Exception>asThrown(run.thrown);
        }
        return run.result;
    }

    /** {@return what was thrown, as it is: code can throw what its signature does not have} */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the cast is to Throwable
    private static <E extends Throwable> E asThrown(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
