package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.ChildJvm;
import org.junit.jupiter.api.Test;

/** {@link Proc#threads()}: it counts, so that it misses no thread. */
class ProcThreadsTest {

    private static Set<Integer> listed() {
        return Arrays.stream(new File("/proc/self/task").list()).map(Integer::valueOf).collect(Collectors.toSet());
    }

    @Test
    void areThoseThatAreListed() {
        Set<Integer> before = listed();
        List<Integer> tids = Proc.threads().stream().map(ThreadStatus::tid).toList();
        Set<Integer> throughout = new HashSet<>(listed());
        throughout.retainAll(before);

        assertThat(tids).hasSizeGreaterThan(5).doesNotHaveDuplicates().containsAll(throughout);
        assertThat(tids).contains(Proc.callingThread().tid());
    }

    @Test
    void missNobodyWhileOthersEnd() {
        ChildJvm.run(OthersEnd.class);
    }

    /** A listing can miss a living thread while an older one ends. */
    public static final class OthersEnd implements ChildJvm.Scenario {

        private static final int MANY = 40;
        private static final long TIME = 8_000_000_000L;

        private static volatile boolean stop;

        @Override
        public void run(AllThreads all) throws Exception {
            Set<Integer> lasting = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 2; i++) {
                Thread.ofPlatform().daemon().start(OthersEnd::comeAndGo);
            }
            int read = 0;
            for (long began = System.nanoTime(); System.nanoTime() - began < TIME; ) {
                if (lasting.size() < MANY) {
                    last(lasting);
                }
                Set<Integer> expected = Set.copyOf(lasting);
                try {
                    Set<Integer> tids = Proc.threads().stream().map(ThreadStatus::tid).collect(Collectors.toSet());
                    that(tids.containsAll(expected), "missed " + expected.stream().filter(tid -> !tids.contains(tid))
                            .toList());
                    read++;
                } catch (CapsException e) {
                    that(e.getMessage().endsWith("threads come and go faster than they can be read"), e);
                }
            }
            stop = true;
            that(read > 0, "nothing has been read");
        }

        private static void last(Set<Integer> tids) throws InterruptedException {
            CountDownLatch known = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> {
                tids.add(Proc.callingThread().tid());
                known.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            known.await();
        }

        private static void comeAndGo() {
            while (!stop) {
                Thread thread = Thread.ofPlatform().daemon().start(() -> { });
                try {
                    thread.join();
                    Thread.sleep(0, 200_000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }
}
