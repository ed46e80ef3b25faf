package nucleus.caps.internal.proc;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import nucleus.caps.ThreadStatus;

/** The threads that have read themselves through this library: Java tells of no other which one the kernel means. */
public final class JavaNames {

    private static final Map<Integer, Caller> BY_TID = new ConcurrentHashMap<>();
    private static final ReferenceQueue<Thread> COLLECTED = new ReferenceQueue<>();

    /** Keeps no thread from being collected. */
    private static final class Caller extends WeakReference<Thread> {

        private final int tid;

        Caller(int tid, Thread thread) {
            super(thread, COLLECTED);
            this.tid = tid;
        }
    }

    private JavaNames() {
    }

    /** Notes who has that id, and gives back what was read. A virtual thread is none that the kernel knows. */
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
     * {@return the same threads of this process, with their Java names where these are known}
     *
     * <p>The id of a thread that has ended can be another's. One that is alive now had it when these were read, too.
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
