package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each reader reads whose state its name says. */
class ReadersTest {

    @Test
    void readsSecurebitsAndJavaNameOfTheCaller() throws InterruptedException {
        AtomicReference<ThreadStatus> read = new AtomicReference<>();
        AtomicReference<ThreadStatus> byId = new AtomicReference<>();
        Thread caller = Thread.ofPlatform().name("a reader").start(() -> {
            read.set(Caps.thread());
            byId.set(Caps.thread(read.get().tid()));
        });
        caller.join();

        assertThat(read.get().javaName()).contains("a reader");
        assertThat(read.get().name()).isEqualTo("a reader");
        assertThat(read.get().secureBits()).isPresent();
        assertThat(byId.get().secureBits()).isEmpty();
        assertThat(byId.get().javaName()).isEmpty();
        assertThat(byId.get().sets()).isEqualTo(read.get().sets());
        assertThat(byId.get().uids()).isEqualTo(read.get().uids());
        assertThat(byId.get().tid()).isEqualTo(read.get().tid()).isNotEqualTo(Caps.thread().tid());
    }

    @Test
    void aVirtualThreadHasNoStateToRead() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual().start(() -> thrown.set(catchThrowable(Caps::thread))).join();

        assertThat(thrown.get()).isInstanceOf(WrongThreadException.class).hasMessageStartingWith(
                "a virtual thread has no capabilities of its own; only the state of its present carrier could be read;");
    }

    @Test
    void threadsOfAProcessAreThoseOfItAndTellNoSecurebits() {
        List<ThreadStatus> byId = Caps.threads(ProcessHandle.current().pid());

        assertThat(byId).extracting(ThreadStatus::tid).contains(Caps.thread().tid(), (int) ProcessHandle.current().pid());
        assertThat(byId).extracting(ThreadStatus::secureBits).containsOnly(Optional.empty());
    }

    /** A parked thread runs only when it is sent the signal of a round. */
    @Test
    void threadAsksNoOtherThread() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<Integer> tid = new AtomicReference<>();
        CountDownLatch known = new CountDownLatch(1);
        Thread parked = Thread.ofPlatform().start(() -> {
            tid.set(Caps.thread().tid());
            known.countDown();
            try {
                end.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        known.await();
        awaitParked(parked, tid.get());
        long before = switches(tid.get());
        for (int i = 0; i < 20; i++) {
            Caps.thread();
        }
        assertThat(switches(tid.get())).isEqualTo(before);
        Caps.threads();
        assertThat(switches(tid.get())).isGreaterThan(before);
        end.countDown();
        parked.join();
    }

    private static void awaitParked(Thread thread, int tid) throws Exception {
        while (thread.getState() != Thread.State.WAITING || status(tid).noneMatch("State:\tS (sleeping)"::equals)) {
            Thread.sleep(1);
        }
    }

    private static Stream<String> status(int tid) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/task/" + tid + "/status")).stream();
    }

    private static long switches(int tid) throws IOException {
        return status(tid).filter(line -> line.contains("ctxt_switches:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", ""))).sum();
    }
}
