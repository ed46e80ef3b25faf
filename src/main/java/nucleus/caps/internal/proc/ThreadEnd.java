package nucleus.caps.internal.proc;

import java.io.File;
import java.util.concurrent.locks.LockSupport;

/** Waits for the end of threads. An interrupt ends no wait: the calling thread is interrupted again afterwards. */
public final class ThreadEnd {

    /** The wait until the kernel has removed a thread that has ended for Java: 30 seconds at most. */
    private static final int STEPS = 300_000;
    private static final long STEP = 100_000;

    private ThreadEnd() {
    }

    /**
     * Waits until a thread has ended for Java.
     *
     * @param forwarding whether an interrupt of the calling thread also interrupts that thread
     */
    public static void join(Thread thread, boolean forwarding) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                if (forwarding) {
                    thread.interrupt();
                }
            }
        }
        restore(interrupted);
    }

    /** Waits until a thread that has ended for Java is gone from /proc. Until then, readers see its state. */
    public static void awaitGone(int tid) {
        boolean interrupted = Thread.interrupted(); // an interrupted thread cannot be parked
        File task = new File("/proc/self/task/" + tid);
        for (int i = 0; i < STEPS && tid != 0 && task.exists(); i++) {
            LockSupport.parkNanos(STEP);
            interrupted |= Thread.interrupted();
        }
        restore(interrupted);
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
