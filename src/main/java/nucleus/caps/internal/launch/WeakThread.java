package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.ffi.linux_caps_h._LINUX_CAPABILITY_VERSION_3;

import java.lang.foreign.Arena;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ThreadEnd;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * A thread that has the ids of the calling thread and no capability, until it is closed. The kernel lets a process look at
 * the descriptors of a thread only if the process holds everything that the thread is permitted, ptrace(2). So a child that
 * holds less than the calling thread finds the descriptors of this process at this thread.
 */
final class WeakThread implements AutoCloseable {

    private static final int WORDS = 6;

    private final CompletableFuture<String> descriptors = new CompletableFuture<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread = new Thread(null, this::run, "nucleus.caps.launch", 0, false);

    WeakThread() {
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            throw Cause.ofStart(e);
        }
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            long result = Syscalls.call(Syscall.CAPSET, arena.allocateFrom(JAVA_INT, _LINUX_CAPABILITY_VERSION_3(), 0).address(),
                    arena.allocate(JAVA_INT, WORDS).address());
            if (result < 0) {
                throw Errno.of(result).exception("capset()", "a launch needs a thread that holds no capability");
            }
            descriptors.complete(Proc.descriptorsForOthers());
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            descriptors.completeExceptionally(e);
        }
    }

    /** {@return the directory with the descriptors} */
    String descriptors() {
        return descriptors.join();
    }

    /** Ends the thread, and returns when it has ended. */
    @Override
    public void close() {
        end.countDown();
        ThreadEnd.join(thread, false);
    }
}
