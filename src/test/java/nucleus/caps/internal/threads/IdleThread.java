package nucleus.caps.internal.threads;

import java.util.concurrent.CountDownLatch;

/** A thread that does nothing until it is closed. */
public final class IdleThread implements AutoCloseable {

    private final CountDownLatch known = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    private volatile int tid;

    /** Returns once the thread runs. */
    public IdleThread(String name) {
        thread = Thread.ofPlatform().name(name).start(this::idle);
        await(known);
    }

    private void idle() {
        tid = Raw.gettid();
        known.countDown();
        await(end);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public int tid() {
        return tid;
    }

    @Override
    public void close() {
        end.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
