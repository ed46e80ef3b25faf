package example.chores;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** What requests ask for. */
public final class Chores {

    /** As many requests as this at once need a pool that grows. */
    private static final CountDownLatch TOGETHER = new CountDownLatch(32);

    private Chores() {
    }

    /** {@return the answer to a request for this path} */
    public static String answer(String path) throws Exception {
        return switch (path) {
            case "/lazy" -> Late.loaded();
            case "/child" -> child();
            case "/virtual" -> virtual();
            case "/together" -> together();
            default -> "hello";
        };
    }

    private static String child() throws Exception {
        Process child = new ProcessBuilder("cat", "/proc/self/status").start();
        String status = new String(child.getInputStream().readAllBytes());
        child.waitFor();
        return status;
    }

    /** {@return what the carriers of many virtual threads hold} */
    private static String virtual() {
        Set<String> held = new ConcurrentSkipListSet<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                threads.submit(() -> held.add(Files.readAllLines(Path.of("/proc/thread-self/status")).stream()
                        .filter(line -> line.startsWith("CapPrm")).findFirst().orElseThrow()));
            }
        }
        return String.join(" ", held);
    }

    private static String together() throws InterruptedException {
        TOGETHER.countDown();
        TOGETHER.await();
        return "together";
    }
}
