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

    /** Signals of the first round are delivered together with those of the second: only these are run. */
    static final class Overlap implements ChildJvm.Scenario {

        private static final int MARK = 5;

        private final Deaf first = new Deaf();
        private final Deaf second = new Deaf();

        /** Two signals wait for it when it can hear again. */
        private static final class Deaf implements Runnable {

            private volatile int tid;
            private volatile boolean release;
            private volatile boolean released;
            private volatile boolean end;

            @Override
            public void run() {
                Raw.mask(Raw.SIG_BLOCK);
                tid = Raw.gettid();
                while (!release) {
                    Thread.onSpinWait();
                }
                Raw.mask(Raw.SIG_UNBLOCK);
                released = true;
                while (!end) {
                    Thread.onSpinWait();
                }
            }
        }

        /** Who is listed behind the deaf ones is signalled after them. The round lasts as long as one has not answered. */
        private void release() {
            int self = Raw.gettid();
            while (Raw.marks().get(self) != MARK) {
                LockSupport.parkNanos(1_000_000);
            }
            first.release = true;
            while (!first.released) {
                Thread.onSpinWait();
            }
            second.release = true;
        }

        @Override
        public void run(AllThreads all) throws Exception {
            for (Deaf deaf : List.of(first, second)) {
                Thread.ofPlatform().name("deaf").daemon().start(deaf);
                while (deaf.tid == 0) {
                    Thread.onSpinWait();
                }
            }
            List<Integer> silent = all.run(List.of(Raw.rename("old")), SHORT).silent();
            that(silent.equals(List.of(first.tid, second.tid)), silent);
            Thread.ofPlatform().daemon().start(this::release);
            Raw.Tally tally = new Raw.Tally();
            Outcome outcome = all.run(List.of(Raw.mark(MARK), tally.call()), PATIENCE);
            that(outcome.complete() && outcome.failures().isEmpty(), outcome);
            that(outcome.answers().keySet().containsAll(silent), outcome);
            that(Raw.names().get(first.tid).equals("deaf"), Raw.names());
            that(tally.count() == outcome.answers().size(), "the program has run twice on a thread");
            first.end = true;
            second.end = true;
        }
    }
}
