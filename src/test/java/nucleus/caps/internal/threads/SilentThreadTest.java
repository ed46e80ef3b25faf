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

    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofSeconds(3);

    static boolean answered(Outcome outcome, int tid) {
        return outcome.living().stream().anyMatch(answer -> answer.tid() == tid);
    }

    static void isNamed(Outcome outcome, Collection<Integer> tids) {
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
}
