package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Threads that block the signal: a round names them, they run nothing late, and later rounds reach them. */
class SilentThreadTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofSeconds(3);

    private static boolean answered(Outcome outcome, int tid) {
        return outcome.living().stream().anyMatch(answer -> answer.tid() == tid);
    }

    private static void isNamed(Outcome outcome, Collection<Integer> tids) {
        that(outcome.silent().size() == tids.size() && outcome.silent().containsAll(tids) && !outcome.settled(), outcome);
        String message = outcome.reason().orElseThrow().getMessage();
        that(message.contains("block signal 33"), message);
        for (int tid : tids) {
            that(!answered(outcome, tid), message);
        }
    }

    @Test
    void isNamedAndRunsNothingLate() {
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
            String found = Raw.action();
            long began = System.nanoTime();

            isNamed(all.run(Raw.changing(Raw.rename("late")), SHORT, answer -> true), List.of(tid));
            that(Raw.names().get(tid).equals("deaf"), Raw.names());
            that(Raw.names().get(Raw.gettid()).equals("late"), Raw.names());
            that(!Raw.action().equals(found), "the handler stays: the pending signal could end the process");

            isNamed(all.run(Raw.changing(Raw.rename("late")), Duration.ofDays(1_000_000), answer -> true), List.of(tid));
            that(System.nanoTime() - began > 10_000_000_000L, "a thread may block the signal for a while");

            unblock.countDown();
            unblocked.await();
            that(Raw.names().get(tid).equals("deaf"), "the late signal ran the program");

            for (int i = 0; i < 50; i++) {
                Program next = new Program(List.of(new Program.Row(Raw.rename("next " + i), false)),
                        List.of(Raw.GETTID), 0);
                Outcome outcome = all.run(next, PATIENCE, answer -> true);
                that(outcome.settled() && answered(outcome, tid), outcome);
                that(Raw.names().get(tid).equals("next " + i), Raw.names());
            }
            that(!Raw.action().equals(found), "the handler stays for good");
        }
    }

    @Test
    void getsOneSignal() {
        ChildJvm.run(Pending.class);
    }

    /** Rounds after the first one are refused without a signal, and without new memory for answers. */
    static final class Pending implements ChildJvm.Scenario {

        private static final Duration VERY_SHORT = Duration.ofMillis(200);
        private static final int ROUNDS = 20;
        private static final long BLOCK = 1 << 14;

        private static long kilobytes() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmSize:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", ""))).findFirst().orElseThrow();
        }

        @Override
        public void run(AllThreads all) throws Exception {
            CountDownLatch blocked = new CountDownLatch(1);
            Thread deaf = Thread.ofPlatform().name("deaf").daemon().start(() -> {
                Raw.mask(Raw.SIG_BLOCK);
                blocked.countDown();
                LockSupport.park();
            });
            blocked.await();
            Program program = new Program(List.of(), List.of(Raw.GETTID), 1 << 10);
            Outcome first = all.run(program, SHORT, answer -> true); // long enough for the other threads
            that(first.silent().size() == 1 && first.effort().signals() > 1, first);
            that(!all.run(program, VERY_SHORT, answer -> true).settled(), "it blocks the signal");
            long before = kilobytes();
            for (int i = 0; i < ROUNDS; i++) {
                Outcome outcome = all.run(program, VERY_SHORT, answer -> true);
                isNamed(outcome, first.silent());
                that(outcome.effort().signals() == 0, outcome);
            }
            long more = kilobytes() - before;
            that(more < ROUNDS * BLOCK, more + " kB for " + ROUNDS + " rounds with " + deaf.getName());
        }
    }

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
