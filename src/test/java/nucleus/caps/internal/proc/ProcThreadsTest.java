package nucleus.caps.internal.proc;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.ChildJvm;
import nucleus.caps.internal.threads.ShortLived;
import org.junit.jupiter.api.Test;

/** {@link Proc#threads()}: it counts, so that it misses no thread. */
class ProcThreadsTest {

    private static Set<Integer> listed() {
        return Arrays.stream(new File("/proc/self/task").list()).map(Integer::valueOf).collect(Collectors.toSet());
    }

    @Test
    void readsEveryListedThread() {
        Set<Integer> before = listed();
        List<Integer> tids = Proc.threads().stream().map(ThreadStatus::tid).toList();
        Set<Integer> throughout = new HashSet<>(listed());
        throughout.retainAll(before);

        assertThat(tids).hasSizeGreaterThan(5).doesNotHaveDuplicates().containsAll(throughout);
        assertThat(tids).contains(Proc.callingThread().tid());
    }

    /** A listing of the kernel can miss a living thread. The threads that it names are there throughout. */
    @Test
    void readsAgainIfTheKernelCountsMoreThreads() {
        int self = Proc.callingThread().tid();
        AtomicInteger listings = new AtomicInteger();

        assertThat(Proc.threads(directory -> {
            List<String> names = ProcFiles.names(directory);
            return listings.getAndIncrement() == 0 ? without(self, names) : names;
        })).extracting(ThreadStatus::tid).contains(self);
        assertThat(listings).hasValueGreaterThan(1);
    }

    @Test
    void failsIfTheKernelAlwaysCountsMoreThreads() {
        int self = Proc.callingThread().tid();

        assertThatThrownBy(() -> Proc.threads(directory -> without(self, ProcFiles.names(directory))))
                .isInstanceOf(CapsException.class)
                .hasMessage("read(/proc/self/task): threads start and end faster than they can be read");
    }

    private static List<String> without(int tid, List<String> names) {
        return names.stream().filter(name -> !name.equals(Integer.toString(tid))).toList();
    }

    @Test
    void missesNoThreadOfALineage() {
        ChildJvm.run(Lineage.class);
    }

    public static final class Lineage implements ChildJvm.Scenario {

        private static final int TIMES = 2_000;
        private static final int ENOUGH = 50;

        @Override
        public void run(AllThreads all) {
            ShortLived.begin();
            int read = 0;
            for (int i = 0; i < TIMES; i++) {
                try {
                    that(Proc.threads().stream().anyMatch(thread -> thread.name().equals(ShortLived.NAME)), "missed: " + i);
                    read++;
                } catch (CapsException e) {
                    that(e.getMessage().endsWith("threads start and end faster than they can be read"), e);
                }
            }
            that(read > ENOUGH, read);
        }
    }
}
