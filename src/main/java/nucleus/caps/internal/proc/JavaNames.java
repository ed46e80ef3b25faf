package nucleus.caps.internal.proc;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nucleus.caps.ThreadStatus;

/** The Java names of threads that read themselves through this library. Java maps no other thread to its kernel id. */
public final class JavaNames {

    private static final Map<Integer, Caller> BY_TID = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Thread> COLLECTED = new ReferenceQueue<>();

    /** A weak reference, so that the thread can be collected. */
    private static final class Caller extends WeakReference<Thread> {

        private final int tid;

        Caller(int tid, Thread thread) {
            super(thread, COLLECTED);
            this.tid = tid;
        }
    }

    private JavaNames() {
    }

    /** {@return the argument} Notes which Java thread has its id. Skips virtual threads, which the kernel does not know. */
    public static ThreadStatus noted(ThreadStatus calling) {
        Thread thread = Thread.currentThread();
        Caller before = BY_TID.get(calling.tid());
        if (!thread.isVirtual() && (before == null || !before.refersTo(thread))) {
            BY_TID.put(calling.tid(), new Caller(calling.tid(), thread));
            forgetTheCollected();
        }
        return calling;
    }

    private static void forgetTheCollected() {
        for (Reference<?> gone; (gone = COLLECTED.poll()) != null;) {
            BY_TID.remove(((Caller) gone).tid, gone);
        }
    }

    /**
     * {@return the same threads of this process, with their Java names if these are known}
     *
     * <p>The kernel can reuse the id of a thread that has ended. A thread that is alive now already had its id when the
     * threads were read.
     */
    public static List<ThreadStatus> named(List<ThreadStatus> read) {
        return read.stream().map(JavaNames::named).toList();
    }

    private static ThreadStatus named(ThreadStatus read) {
        Caller caller = BY_TID.get(read.tid());
        if (caller == null) {
            return read;
        }
        Thread thread = caller.get();
        if (thread == null) {
            return read;
        }
        if (!thread.isAlive()) {
            BY_TID.remove(caller.tid, caller);
            return read;
        }
        return read.withJavaName(thread.getName());
    }

    static int known() {
        return BY_TID.size();
    }
}
