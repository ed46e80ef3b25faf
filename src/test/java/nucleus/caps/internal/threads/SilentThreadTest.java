package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Threads that do not answer: they are named, they run nothing late, and the others are not held up. */
class SilentThreadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(3);

    @Test
    void aThreadThatBlocksTheSignalIsNamedAndRunsNothingLate() {
        ChildJvm.run(Late.class);
    }

    static final class Late implements ChildJvm.Scenario {

        private final CountDownLatch blocked = new CountDownLatch(1);
        private final CountDownLatch unblock = new CountDownLatch(1);
        private final CountDownLatch unblocked = new CountDownLatch(1);
        private final CountDownLatch never = new CountDownLatch(1);
        private volatile int tid;

        private void live() {
            try {
                tid = Raw.gettid();
                Raw.mask(Raw.SIG_BLOCK);
                blocked.countDown();
                unblock.await();
                Raw.mask(Raw.SIG_UNBLOCK);
                unblocked.countDown();
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void run(AllThreads all) throws Exception {
            Thread.ofPlatform().name("deaf").daemon().start(this::live);
            blocked.await();
            that(all.blocking(Duration.ofSeconds(3)).equals(List.of(tid)), "found before anything is changed");
            String found = Raw.action();

            Outcome outcome = all.run(List.of(Raw.rename("late")), SHORT);
            that(outcome.silent().equals(List.of(tid)) && !outcome.complete(), outcome);
            that(!outcome.answers().containsKey(tid) && outcome.failures().isEmpty(), outcome);
            that(Raw.names().get(tid).equals("deaf"), Raw.names());
            that(Raw.names().get(Raw.gettid()).equals("late"), Raw.names());
            that(!Raw.action().equals(found), "the handler stays: the signal is pending, and could end the process");

            unblock.countDown();
            unblocked.await();
            that(Raw.names().get(tid).equals("deaf"), "the late signal ran the program");
            that(all.blocking(Duration.ZERO).isEmpty(), "still blocked");

            for (int i = 0; i < 50; i++) {
                Outcome next = all.run(List.of(Raw.rename("next " + i), Raw.GETTID), PATIENCE);
                that(next.complete() && next.answers().containsKey(tid) && next.failures().isEmpty(), next);
                that(Raw.names().get(tid).equals("next " + i), Raw.names());
            }
        }
    }

    @Test
    void aRoundIsUnderWayWhenTheOldSignalArrives() {
        ChildJvm.run(Overlap.class);
    }

    /** The signal of the first round is delivered together with the one of the second: only that is run. */
    static final class Overlap implements ChildJvm.Scenario {

        private volatile int tid;
        private volatile boolean release;

        private void live() {
            tid = Raw.gettid();
            Raw.mask(Raw.SIG_BLOCK);
            while (!release) {
                Thread.onSpinWait();
            }
            Raw.mask(Raw.SIG_UNBLOCK);
            while (release) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void run(AllThreads all) throws Exception {
            Thread deaf = Thread.ofPlatform().name("deaf").daemon().start(this::live);
            while (tid == 0 || !all.blocking(Duration.ZERO).contains(tid)) {
                Thread.onSpinWait();
            }
            that(all.run(List.of(Raw.rename("old")), SHORT).silent().equals(List.of(tid)), "not silent");
            Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(100_000_000);
                release = true;
            });
            // A mark answers with the one before: 0, unless the program has run twice.
            Outcome outcome = all.run(List.of(Raw.mark(5)), PATIENCE);
            that(outcome.complete() && outcome.answers().get(tid).equals(new Answer(tid, 1, 0)), outcome);
            that(Raw.names().get(tid).equals("deaf"), Raw.names());
            release = false;
            deaf.join();
        }
    }
}
