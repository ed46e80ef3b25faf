package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** What would leave a thread, or something that acts for one, as it was: refused before anything changes. */
@Privileged
class ProcessGuardsIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int PROT_READ_EXEC = 1 | 4;
    private static final int IORING_SETUP_SQPOLL = 2;
    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;

    private static long ring(int flags) {
        long descriptor = Syscalls.ring(flags);
        if (descriptor < 0) {
            throw new IllegalStateException("no ring can be had");
        }
        return descriptor;
    }

    static final class WithRing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            ring(Integer.parseInt(args[0]));
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, IORING_SETUP_SQPOLL})
    void aRingOfIoUringIsRefused(int flags) {
        Requirement.IO_URING.orSkip();
        try (ObservedChild child = ObservedChild.start(WithRing.class, Integer.toString(flags)).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("Scope.PROCESS: io_uring is in use (descriptors [")
                    .contains("say allowIoUring()");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** A ring without a descriptor: its memory is mapped still, and the kernel's thread for it lives on. */
    static final class WithMappedRing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            boolean amd64 = System.getProperty("os.arch").equals("amd64");
            long descriptor = ring(IORING_SETUP_SQPOLL);
            long address = Syscalls.make(amd64 ? 9 : 222, 0, 4096, PROT_READ, MAP_SHARED, descriptor, 0);
            points.say(address > 0 && Syscalls.close(descriptor) == 0);
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    void aRingWithoutADescriptorIsSeenByTheKernelsThread() {
        Requirement.IO_URING.orSkip();
        try (ObservedChild child = ObservedChild.start(WithMappedRing.class).together()) {
            assertThat(child.said()).isEqualTo("true");
            Thrown thrown = child.threw();
            assertThat(thrown.message()).containsPattern("io_uring is in use \\(kernel thread [0-9]+\\)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    static final class AllowsRing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            ring(Integer.parseInt(args[0]));
            points.at("ring");
            Caps.begin(Scope.PROCESS).allowIoUring().drop(SOMEBODY);
            points.at("dropped");
        }
    }

    /** The thread that polls for it keeps what it has: that is what is allowed here. */
    @ParameterizedTest
    @ValueSource(ints = {0, IORING_SETUP_SQPOLL})
    void unlessItIsAllowed(int flags) {
        Requirement.IO_URING.orSkip();
        try (ObservedChild child = ObservedChild.start(AllowsRing.class, Integer.toString(flags)).together()) {
            assertThat(child.at("ring")).isEqualTo(child.start());
            if (flags == IORING_SETUP_SQPOLL) {
                child.inheriting(poller(child));
            }
            assertThat(child.at("dropped")).isEqualTo(
                    child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    /** Its name has an id that is not that of a namespace for processes, and comes a little after the thread. */
    private static String poller(ObservedChild child) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < PATIENCE.toNanos()) {
            for (Path task : ProcTasks.of(child.process())) {
                if (ProcTasks.name(task).startsWith("iou-sqp-")) {
                    return ProcTasks.name(task);
                }
            }
        }
        throw new AssertionError("no thread polls");
    }

    /** A thread that the C library could not let block the signal has done so by itself. */
    static final class Blocks implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch blocked = new CountDownLatch(1);
            Thread.ofPlatform().name("deaf").daemon().start(() -> {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment mask = arena.allocateFrom(ValueLayout.JAVA_LONG, 1L << 32);
                    int sigprocmask = System.getProperty("os.arch").equals("amd64") ? 14 : 135;
                    Syscalls.make(sigprocmask, 0, mask.address(), 0, 8);
                    blocked.countDown();
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            blocked.await();
            points.threw(() -> Caps.begin(Scope.PROCESS).answerWithin(Duration.ofSeconds(2)).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    void aThreadThatBlocksTheSignalIsNamed() {
        try (ObservedChild child = ObservedChild.start(Blocks.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("Scope.PROCESS: these threads block signal 33")
                    .contains("(deaf)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** One thread on which a filter refuses the last step: by then the others have made it. */
    static final class Torn implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch filtered = new CountDownLatch(1);
            Thread.ofPlatform().name("filtered").daemon().start(() -> {
                try {
                    Syscalls.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_SET_NO_NEW_PRIVS);
                    filtered.countDown();
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            filtered.await();
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.threw(() -> initial.drop(SOMEBODY));
            points.threw(() -> initial.drop(SOMEBODY));
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void aThreadThatCouldNotFollowIsNamedAndEndsTheChain() {
        try (ObservedChild child = ObservedChild.start(Torn.class)) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("prctl(PR_SET_NO_NEW_PRIVS, 1) [thread ")
                    .contains("EPERM", "the threads of this process differ now, and it should exit");
            assertThat(thrown.changed()).isTrue();
            assertThat(child.threw()).isEqualTo(thrown);
        }
    }

    /** A filter on one thread, which cannot tell its securebits then. */
    static final class Mute implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch filtered = new CountDownLatch(1);
            Thread.ofPlatform().name("mute").daemon().start(() -> {
                Syscalls.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_GET_SECUREBITS);
                filtered.countDown();
                LockSupport.park();
            });
            filtered.await();
            points.threw(() -> Caps.begin(Scope.PROCESS).answerWithin(Duration.ofSeconds(2)).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void aThreadThatCannotTellItsSecurebitsIsNamed() {
        try (ObservedChild child = ObservedChild.start(Mute.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("prctl\\(PR_GET_SECUREBITS\\): EPERM: what thread"
                    + " [0-9]+ \\(mute\\) holds cannot be known");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** A filter on the thread that asks: what it is refused, no other has been asked for. */
    static final class CallerIsRefused implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            long[] arguments = Stream.of(args).skip(1).mapToLong(Long::parseLong).toArray();
            Syscalls.refuse(Syscalls.EPERM, Syscalls.Call.valueOf(args[0]), arguments);
            points.threw(initial::dropAll);
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void whatTheCallerIsRefusedTouchesNoOtherThread() {
        try (ObservedChild child =
                ObservedChild.start(CallerIsRefused.class, "PRCTL", Integer.toString(Syscalls.PR_CAPBSET_DROP), "0")
                        .together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message())
                    .startsWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: ")
                    .doesNotContain("it should exit");
            assertThat(thrown.changed()).isFalse();
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void aCapsetThatTheCallerIsRefusedTouchesNoThread() {
        try (ObservedChild child = ObservedChild.start(CallerIsRefused.class, "CAPSET").together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message()).startsWith("capset(").contains("): EPERM: ").doesNotContain("it should exit");
            assertThat(thrown.changed()).isFalse();
        }
    }

    /** A page that may not become executable, as a security module or a filter has it. */
    static final class NoCode implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.refuse(Syscalls.EACCES, Syscalls.Call.MPROTECT, Syscalls.ANY, Syscalls.ANY, PROT_READ_EXEC);
            points.threw(() -> Caps.begin(Scope.PROCESS));
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void whereThePageMayNotBecomeExecutableItIsRefused() {
        try (ObservedChild child = ObservedChild.start(NoCode.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).isEqualTo("mprotect(PROT_READ | PROT_EXEC): EACCES: the page with the signal"
                    + " handler may not become executable here");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void whereTheActionOfTheSignalCannotBeReadItIsRefused() {
        try (ObservedChild child = ObservedChild.start(CallerIsRefused.class, "RT_SIGACTION").together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message()).isEqualTo("rt_sigaction(33): EPERM: the signal handler cannot be read");
            assertThat(thrown.changed()).isFalse();
        }
    }

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    void whereNoSignalCanBeQueuedItIsRefused() {
        try (ObservedChild child = ObservedChild.of(Drops.class).through("prlimit", "--sigpending=0:0").start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).contains("EAGAIN");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }
}
