package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static nucleus.caps.internal.threads.SilentThreadTest.PATIENCE;
import static nucleus.caps.internal.threads.SilentThreadTest.SHORT;
import static nucleus.caps.internal.threads.SilentThreadTest.answered;
import static nucleus.caps.internal.threads.SilentThreadTest.isNamed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** If a signal of an earlier round is delivered in a later one, the program of the earlier round does not run. */
class OverlappingRoundsTest {

    @Test
    void runsTheProgramOfTheRoundUnderWayOnly() {
        ChildJvm.run(Overlap.class);
    }

    /** Signals of the first round are delivered together with those of the second. */
    static final class Overlap implements ChildJvm.Scenario {

        private static final int MARK = 5;

        private final OnThisThread thread = new OnThisThread();
        private final Tasks tasks = new LiveTasks(thread.machine, new TaskDirectory(thread.machine), thread.signal);
        private final Deaf first = new Deaf();
        private final Deaf second = new Deaf();

        /** Two signals are pending for it when it unblocks them. */
        private static final class Deaf implements Runnable {

            private volatile int tid;
            private volatile boolean release;
            private volatile boolean released;

            @Override
            public void run() {
                Raw.mask(Raw.SIG_BLOCK);
                tid = Raw.gettid();
                while (!release) {
                    LockSupport.parkNanos(100_000);
                }
                Raw.mask(Raw.SIG_UNBLOCK);
                released = true;
                while (true) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        /** The oldest thread is signalled last. The round lasts as long as one has not answered. */
        private void release() {
            while (Raw.marks().get(Raw.getpid()) != MARK) {
                LockSupport.parkNanos(1_000_000);
            }
            first.release = true;
            while (!first.released) {
                LockSupport.parkNanos(100_000);
            }
            second.release = true;
        }

        /** {@return the outcome of a round that remembers no earlier round} */
        private Outcome round(Program program, Duration patience) {
            ControlBlock block = thread.block(1 << 10, ControlBlock.stride(program));
            block.load(program);
            thread.signal.install(block);
            return new Round(tasks, block::take, block::overflowed, patience.toNanos(), new Unanswered()).run(answer -> true);
        }

        @Override
        public void run(AllThreads all) throws Exception {
            for (Deaf deaf : List.of(first, second)) {
                Thread.ofPlatform().name("deaf").daemon().start(deaf);
                while (deaf.tid == 0) {
                    LockSupport.parkNanos(100_000);
                }
            }
            isNamed(round(Raw.changing(Raw.rename("old")), SHORT), List.of(first.tid, second.tid));
            Thread.ofPlatform().daemon().start(this::release);
            Raw.Tally tally = new Raw.Tally();
            Outcome outcome = round(Raw.changing(Raw.mark(MARK), tally.call()), PATIENCE);
            that(outcome.settled(), outcome);
            that(answered(outcome, first.tid) && answered(outcome, second.tid), outcome);
            that(Raw.names().get(first.tid).equals("deaf") && Raw.names().get(second.tid).equals("deaf"), Raw.names());
            long ended = outcome.effort().signals() - outcome.living().size();
            long runs = tally.count();
            that(runs >= outcome.living().size() && runs <= outcome.living().size() + ended, runs + ": " + outcome);
        }
    }
}
