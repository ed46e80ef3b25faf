package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import privileged.harness.Requirement;
import privileged.harness.Requires;

/** The first thread of a JVM has ended. It stays as a zombie, and its status file tells what it held last. */
class ZombieLeaderTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Ends the first thread alone. */
    private static void end(int leader) {
        Signal signal = new Signal(Raw.MACHINE, leader);
        ControlBlock block = new ControlBlock(Raw.MACHINE, leader, 4, 32);
        block.load(Raw.changing(Raw.exit()));
        signal.install(block);
        that(signal.send(leader, 1) == 0, "the leader cannot be signalled");
        TaskDirectory directory = new TaskDirectory(Raw.MACHINE);
        while (!directory.stat(leader).ended()) {
            Thread.onSpinWait();
        }
        signal.disarm();
        signal.restore();
    }

    @Test
    void isNotAwaited() {
        ChildJvm.run(Asked.class);
    }

    static final class Asked implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            int leader = Raw.getpid();
            end(leader);
            Outcome outcome = all.run(Raw.asking(Raw.GETTID), PATIENCE, answer -> true);
            that(outcome.settled() && outcome.workers().isEmpty() && outcome.silent().isEmpty(), outcome);
            that(outcome.living().stream().noneMatch(answer -> answer.tid() == leader), outcome);
            that(outcome.living().size() > 5, outcome);
            that(Raw.names().containsKey(leader), "a listing shows it");
        }
    }

    @Test
    void holdsNothing() {
        ChildJvm.run(Changed.class);
    }

    /** Needs no privilege: no_new_privs is set on every thread, and the leader shows that it has not got it. */
    static final class Changed implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) throws IOException {
            int leader = Raw.getpid();
            end(leader);
            Caps.begin(Scope.PROCESS, options -> options.withNoNewPrivs()).apply(Caps.thread().sets());
            that(Files.readString(Path.of("/proc/" + leader + "/status")).contains("NoNewPrivs:\t0"), "leader");
            List<ThreadStatus> threads = Caps.threads();
            that(threads.size() > 5 && threads.stream().noneMatch(thread -> thread.tid() == leader), threads);
            that(threads.stream().allMatch(ThreadStatus::noNewPrivs), threads);
        }
    }

    @Test
    @Requires(value = Requirement.IO_URING, checkedInTest = true)
    void hidesNoRing() {
        ChildJvm.run(WithRing.class);
    }

    /** The leader's list of descriptors is empty now; that of the others is not. */
    static final class WithRing implements ChildJvm.Scenario {

        private static final int IO_URING_SETUP = 425;
        private static final long PARAMS_SIZE = 120;

        @Override
        public void run(AllThreads all) {
            try (Arena arena = Arena.ofConfined()) {
                long ring = Raw.call(IO_URING_SETUP, 4, arena.allocate(PARAMS_SIZE, 8).address());
                assumeTrue(ring >= 0, Requirement.IO_URING.reason());
            }
            end(Raw.getpid());
            try {
                Caps.begin(Scope.PROCESS, options -> options.withNoNewPrivs()).apply(Caps.thread().sets());
                throw new AssertionError("not refused");
            } catch (CapsException e) {
                that(e.getMessage().startsWith("Scope.PROCESS: io_uring is in use (descriptors ["), e);
            }
        }
    }
}
