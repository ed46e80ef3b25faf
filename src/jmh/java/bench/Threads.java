package bench;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The threads of this JVM. */
final class Threads {

    /** What a thread holds. */
    record Sets(long inheritable, long effective, long permitted, long bounding) {
    }

    private Threads() {
    }

    static int count() {
        return new File("/proc/self/task").list().length;
    }

    /** Adds threads that do nothing, until there are that many. */
    static void grow(int total) throws InterruptedException {
        for (int missing; (missing = total - count()) > 0;) {
            CountDownLatch running = new CountDownLatch(missing);
            for (int i = 0; i < missing; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    running.countDown();
                    while (true) {
                        LockSupport.park();
                    }
                });
            }
            running.await();
        }
    }

    static Sets ofCaller() throws IOException {
        String status = read("/proc/thread-self/status");
        return new Sets(set(status, "CapInh"), set(status, "CapEff"), set(status, "CapPrm"), set(status, "CapBnd"));
    }

    /** Fails unless every thread holds nothing and has this uid and gid: no way may be fast by leaving threads out. */
    static void requireDropped(long id) throws IOException {
        String ids = String.join("\t", Collections.nCopies(4, Long.toString(id)));
        for (File task : new File("/proc/self/task").listFiles()) {
            String status;
            try {
                status = read(task + "/status");
            } catch (IOException e) {
                if (task.exists()) {
                    throw e;
                }
                continue; // the JVM ends idle compiler threads
            }
            boolean dropped = set(status, "CapEff") == 0 && set(status, "CapPrm") == 0 && set(status, "CapInh") == 0
                    && set(status, "CapBnd") == 0 && set(status, "CapAmb") == 0 && set(status, "NoNewPrivs") == 1
                    && field(status, "Uid").equals(ids) && field(status, "Gid").equals(ids)
                    && field(status, "Groups").isBlank();
            if (!dropped) {
                throw new IllegalStateException(task + " is not dropped:\n" + status);
            }
        }
    }

    private static long set(String status, String name) {
        return Long.parseUnsignedLong(field(status, name), 16);
    }

    private static String field(String status, String name) {
        int at = status.indexOf("\n" + name + ":\t") + name.length() + 3;
        return status.substring(at, status.indexOf('\n', at));
    }

    private static String read(String file) throws IOException {
        try (FileInputStream in = new FileInputStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
