package nucleus.caps.internal.kernel;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that lives for one call. It begins with the credentials of the thread that calls.
 *
 * <p>A change of the whole process is tried on it first. If the kernel refuses a call there, no thread has changed that
 * lives on; only the process as a whole may no longer be dumpable, proc(5), if its uid was changed before. It has a stack of
 * its own, so a caller that has little left of its own cannot break off halfway.
 */
public final class Scout extends Thread {

    /** Until the kernel is done with a thread that has ended for Java: a second at most. */
    private static final int STEPS = 10_000;
    private static final long STEP = 100_000;

    private final Runnable action;
    private final int caller;
    private volatile @Nullable Throwable thrown;
    private volatile int tid;

    private Scout(Runnable action, int caller) {
        super(null, null, "nucleus.caps", 0, false);
        this.action = action;
        this.caller = caller;
    }

    /**
     * {@return what the action gives on a new thread} If none can be created, as under RLIMIT_NPROC, a platform thread goes
     * first itself. Interrupted or not, this waits: a half change could not be reported.
     */
    public static <T> T call(Supplier<T> action) {
        AtomicReference<T> result = new AtomicReference<>();
        boolean virtual = Thread.currentThread().isVirtual();
        Scout scout = new Scout(() -> result.set(action.get()), virtual ? 0 : Proc.callingThread().tid());
        try {
            scout.start();
        } catch (OutOfMemoryError e) {
            if (virtual) {
                throw e;
            }
            return action.get();
        }
        return scout.outcome(result);
    }

    /** {@return what the action gives, on a platform thread} A virtual thread borrows one for the length of the call. */
    public static <T> T callFromVirtual(Supplier<T> action) {
        return Thread.currentThread().isVirtual() ? call(action) : action.get();
    }

    @Override
    public void run() {
        synchronized (Scout.class) { // a caller that could not wait leaves the one before at work
            try {
                tid = Proc.callingThread().tid();
                action.run();
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    @SuppressWarnings("NullAway") // null if that is what the action gave
    private <T> T outcome(AtomicReference<T> result) {
        boolean interrupted = false;
        while (true) {
            try {
                join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (thrown == null) {
            return result.get();
        }
        awaitGone();
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    /** What a scout holds that was refused something is for nobody to see. */
    private void awaitGone() {
        File task = new File("/proc/self/task/" + tid);
        for (int i = 0; i < STEPS && tid != 0 && task.exists(); i++) {
            LockSupport.parkNanos(STEP);
        }
    }

    /** {@return the same threads without the scout, if a scout calls; the thread that a call is for comes first} */
    static List<ThreadStatus> order(List<ThreadStatus> threads, int self) {
        int caller = Thread.currentThread() instanceof Scout scout ? scout.caller : self;
        boolean scouted = Thread.currentThread() instanceof Scout;
        List<ThreadStatus> ordered = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            if (thread.tid() == caller) {
                ordered.addFirst(thread);
            } else if (!scouted || thread.tid() != self) {
                ordered.add(thread);
            }
        }
        return ordered;
    }
}
