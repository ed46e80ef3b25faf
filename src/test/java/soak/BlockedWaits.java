package soak;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One thread in each kind of call that waits for another thread. */
final class BlockedWaits {

    private static final String DONE = "done";

    private BlockedWaits() {
    }

    static List<Blocked> start() {
        return List.of(sleep(), objectWait(), park(), latch(), take(), enter());
    }

    private static Blocked sleep() {
        return new Blocked("sleep", DONE, () -> {
            try {
                Thread.sleep(Long.MAX_VALUE);
                return "overslept";
            } catch (InterruptedException e) {
                return DONE;
            }
        }, Thread::interrupt);
    }

    private static Blocked objectWait() {
        Object monitor = new Object();
        AtomicBoolean over = new AtomicBoolean();
        return new Blocked("Object.wait", DONE, () -> {
            synchronized (monitor) {
                return until(over::get, monitor::wait, "Object.wait");
            }
        }, _ -> {
            synchronized (monitor) {
                over.set(true);
                monitor.notify();
            }
        });
    }

    private static Blocked park() {
        AtomicBoolean over = new AtomicBoolean();
        return new Blocked("park", DONE, () -> until(over::get, LockSupport::park, "park"), thread -> {
            over.set(true);
            LockSupport.unpark(thread);
        });
    }

    /** What may block. */
    private interface Call {
        void run() throws Exception;
    }

    /** These two may return without a reason, by their specification. */
    private static String until(BooleanSupplier over, Call call, String name) throws Exception {
        while (!over.getAsBoolean()) {
            call.run();
            if (Thread.currentThread().isInterrupted()) {
                return "interrupted";
            }
            if (!over.getAsBoolean()) {
                Diary.count("spurious return of " + name);
            }
        }
        return DONE;
    }

    private static Blocked latch() {
        CountDownLatch latch = new CountDownLatch(1);
        return new Blocked("CountDownLatch.await", DONE, () -> {
            latch.await();
            return DONE;
        }, _ -> latch.countDown());
    }

    private static Blocked take() {
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        return new Blocked("BlockingQueue.take", DONE, queue::take, _ -> queue.add(DONE));
    }

    private static Blocked enter() {
        Object monitor = new Object();
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread.ofPlatform().daemon().start(() -> {
            synchronized (monitor) {
                taken.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Diary.anomaly("the owner of the monitor: " + e);
                }
            }
        });
        return new Blocked("entry of a monitor", DONE, () -> {
            taken.await();
            synchronized (monitor) {
                return DONE;
            }
        }, _ -> over.countDown());
    }
}
