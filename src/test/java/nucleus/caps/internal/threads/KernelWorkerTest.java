package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;
import privileged.harness.Requirement;
import privileged.harness.Requires;

/** The kernel has threads of its own in a process with io_uring: they run no handler. */
class KernelWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    @Requires(value = Requirement.IO_URING, checkedInTest = true)
    void isReportedAndNotAwaited() {
        ChildJvm.run(Polled.class);
    }

    static final class Polled implements ChildJvm.Scenario {

        private static final int IO_URING_SETUP = 425;
        private static final long PARAMS_SIZE = 120;
        private static final long FLAGS = 8;
        private static final int IORING_SETUP_SQPOLL = 2;

        @Override
        public void run(AllThreads all) {
            try (Arena arena = Arena.ofConfined()) {
                Set<Integer> before = Raw.names().keySet();
                MemorySegment params = arena.allocate(PARAMS_SIZE, 8);
                params.set(JAVA_INT, FLAGS, IORING_SETUP_SQPOLL);
                int ring = (int) Raw.call(IO_URING_SETUP, 4, params.address());
                assumeTrue(ring >= 0, Requirement.IO_URING.reason());
                that(all.rings(List.of(Raw.gettid())).equals(Optional.of("descriptors [" + ring + "]")), ring);

                Outcome outcome = all.run(Raw.asking(Raw.GETTID), PATIENCE, answer -> true);

                that(outcome.settled() && outcome.silent().isEmpty() && outcome.reason().isEmpty(), outcome);
                that(outcome.workers().size() == 1 && !before.contains(outcome.workers().getFirst()), outcome);
                that(outcome.living().size() > 5, outcome);
                that(outcome.living().stream().noneMatch(answer -> outcome.workers().contains(answer.tid())), outcome);
                Raw.call(Syscall.CLOSE.number(), ring);
                that(all.rings(List.of(Raw.gettid())).isEmpty(), ring);
            }
        }
    }
}
