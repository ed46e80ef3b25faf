package nucleus.caps.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ThreadEnd;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;
import org.jspecify.annotations.Nullable;

/**
 * A platform thread that lives for one call. It starts with the credentials of the calling thread.
 *
 * <p>A change of the whole process is tried on the scout first. If the kernel refuses a call there, no surviving thread has
 * changed. The process may still lose its dumpable attribute, proc(5), if the scout's uid changed before. The scout has its
 * own stack, so a caller with little stack left cannot stop a change halfway.
 */
public final class Scout extends Thread {

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
     * {@return the result of the action on a new thread} If no thread can be created, for example under RLIMIT_NPROC, a
     * calling platform thread runs the action itself. The wait ignores interrupts: a half-finished change could not be
     * reported.
     */
    public static <T> T call(Supplier<T> action) {
        AtomicReference<T> result = new AtomicReference<>();
        boolean virtual = Thread.currentThread().isVirtual();
        Scout scout = new Scout(() -> result.set(action.get()), virtual ? 0 : Proc.callingThread().tid());
        try {
            scout.start();
        } catch (OutOfMemoryError e) {
            if (virtual) {
                throw Cause.ofStart(e);
            }
            return action.get();
        }
        return scout.outcome(result);
    }

    /**
     * Runs an action on a new thread, and waits until the kernel has removed that thread: it may end in a state that no other
     * thread has. If no thread can be created, the action does not run.
     *
     * @throws CapsException if the thread still exists after 30 s
     */
    static void tryAlone(Runnable action) {
        Scout scout = new Scout(action, 0);
        try {
            scout.start();
        } catch (OutOfMemoryError e) {
            return;
        }
        scout.outcome(new AtomicReference<>());
        if (!ThreadEnd.awaitGone(scout.tid)) {
            throw stillThere(scout.tid);
        }
    }

    /** {@return the result of the action on a platform thread} For a virtual thread this creates a scout. */
    public static <T> T callFromVirtual(Supplier<T> action) {
        return Thread.currentThread().isVirtual() ? call(action) : action.get();
    }

    @Override
    public void run() {
        synchronized (Scout.class) { // an earlier scout may still run if its caller could not wait
            try {
                tid = Proc.callingThread().tid();
                action.run();
            } catch (Throwable e) {
                thrown = e;
            }
        }
    }

    @SuppressWarnings("NullAway") // null if the action returned null
    private <T> T outcome(AtomicReference<T> result) {
        ThreadEnd.join(this, false);
        if (thrown == null) {
            return result.get();
        }
        if (!ThreadEnd.awaitGone(tid)) {
            thrown.addSuppressed(stillThere(tid));
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) thrown;
    }

    private static CapsException stillThere(int tid) {
        return Errno.NONE.exception("/proc/self/task/" + tid, "a thread with this id still exists after a wait of 30 s");
    }

    /** {@return the threads without a calling scout; the thread that called the library comes first} */
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
