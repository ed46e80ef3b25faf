package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Threads of the kernel in this process: io_uring has one that polls. */
class KernelWorkerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void oneIsNamedAndNotAsked() {
        ChildJvm.run(Polled.class);
    }

    static final class Polled implements ChildJvm.Scenario {

        private static final int IO_URING_SETUP = 425;
        private static final long PARAMS_SIZE = 120;
        private static final long FLAGS = 8;
        private static final int IORING_SETUP_SQPOLL = 2;
        private static final int EPERM = 1;
        private static final int ENOSYS = 38;

        @Override
        public void run(AllThreads all) {
            try (Arena arena = Arena.ofConfined()) {
                Map<Integer, String> before = Raw.names();
                MemorySegment params = arena.allocate(PARAMS_SIZE, 8);
                params.set(JAVA_INT, FLAGS, IORING_SETUP_SQPOLL);
                long ring = Raw.MACHINE.call(IO_URING_SETUP, 4, params.address());
                assumeFalse(ring == -EPERM || ring == -ENOSYS, "not to be had here: io_uring");
                that(ring >= 0, ring);
                List<Integer> workers = all.told().stream().filter(Told::kernelWorker).map(Told::tid).toList();
                that(workers.size() == 1 && !before.containsKey(workers.get(0)), workers); // it gets its name later
                that(all.blocking(Duration.ZERO).isEmpty(), "a worker is not a thread that blocks");
                Outcome outcome = all.run(List.of(Raw.GETTID), PATIENCE);
                that(outcome.complete() && !outcome.answers().containsKey(workers.get(0)), outcome);
            }
        }
    }
}
