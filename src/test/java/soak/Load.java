package soak;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** What keeps the machine busy: threads that come and go, the collector, virtual threads. */
final class Load {

    private static final int BUSY_VIRTUAL_THREADS = 50;
    private static final int BUSY = 20_000;
    private static final int GARBAGE = 4096;
    private static final int COLLECTION = 20_000;

    private static volatile long sink;

    private Load() {
    }

    static void start() {
        repeat("comes and goes 1", Load::comeAndGo);
        repeat("comes and goes 2", Load::comeAndGo);
        repeat("allocates", Load::allocate);
        repeat("starts virtual threads", Load::virtualThreads);
        chain();
    }

    static void idle(int threads) {
        for (int i = 0; i < threads; i++) {
            repeat("idle", LockSupport::park);
        }
    }

    /** What may throw. */
    private interface Step {
        void run() throws Exception;
    }

    private static void repeat(String name, Step body) {
        Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                while (true) {
                    body.run();
                }
            } catch (Exception | Error e) {
                Diary.anomaly("what " + name + ": " + e);
            }
        });
    }

    private static void comeAndGo() throws InterruptedException {
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().daemon().start(Load::shortLife);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static void shortLife() {
        Diary.count("threads that came and went");
        if (ThreadLocalRandom.current().nextInt(4) == 0) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(1_000_000));
        }
    }

    /** Each thread creates the next and ends. */
    private static void chain() {
        Diary.count("links of the chain of threads");
        Thread.ofPlatform().daemon().start(Load::chain);
    }

    private static void allocate() throws InterruptedException {
        byte[][] ring = new byte[1000][];
        for (int i = 0; i < COLLECTION; i++) {
            ring[i % ring.length] = new byte[ThreadLocalRandom.current().nextInt(GARBAGE)];
        }
        System.gc();
        Diary.count("collections asked for");
        Thread.sleep(20);
    }

    private static void virtualThreads() {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < BUSY_VIRTUAL_THREADS; i++) {
                executor.execute(Load::busy);
            }
        }
    }

    private static void busy() {
        long began = System.nanoTime();
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Diary.anomaly("a virtual thread: " + e);
        }
        if (System.nanoTime() - began < 1_000_000) {
            Diary.anomaly("a virtual thread slept less than it was to");
        }
        long x = began;
        for (int i = 0; i < BUSY; i++) {
            x = x * 6364136223846793005L + 1442695040888963407L;
        }
        sink = x;
        Diary.count("virtual threads");
    }
}
