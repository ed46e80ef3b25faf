package nucleus.caps.internal.proc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for the end of threads. An interrupt ends no wait: the calling thread is interrupted again afterwards. */
public final class ThreadEnd {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long STEP = 100_000; // ns

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

    /**
     * {@return whether the kernel has removed a thread that has ended for Java} Waits 30 s at most. Until then, readers see the
     * state of the thread.
     *
     * @param tid the thread id, or 0 for a thread that never began
     */
    public static boolean awaitGone(int tid) {
        return awaitGone(tid, PATIENCE);
    }

    static boolean awaitGone(int tid, Duration patience) {
        if (tid == 0) {
            return true;
        }
        boolean interrupted = Thread.interrupted(); // an interrupted thread cannot be parked
        Path task = Path.of("/proc/self/task/" + tid);
        long start = System.nanoTime();
        boolean gone = Files.notExists(task);
        while (!gone && System.nanoTime() - start < patience.toNanos()) {
            LockSupport.parkNanos(STEP);
            interrupted |= Thread.interrupted();
            gone = Files.notExists(task);
        }
        restore(interrupted);
        return gone;
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
