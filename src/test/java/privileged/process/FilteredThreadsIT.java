package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.Smoke;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A seccomp filter on one thread refuses it a call: nothing changes, or the exception says what did. */
@Privileged
@Smoke
class FilteredThreadsIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final int PROT_READ_EXEC = 1 | 4;

    /** One thread on which a filter refuses the last step: by then the others have made it. */
    static final class Torn implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch filtered = new CountDownLatch(1);
            Thread.ofPlatform().name("filtered").daemon().start(() -> {
                try {
                    SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_SET_NO_NEW_PRIVS);
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
    void namesAThreadThatCouldNotFollow() {
        try (ObservedChild child = ObservedChild.start(Torn.class)) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("prctl(PR_SET_NO_NEW_PRIVS, 1) [thread ")
                    .contains("EPERM", "the threads of this process now differ; end this process");
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
                SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_GET_SECUREBITS);
                filtered.countDown();
                LockSupport.park();
            });
            filtered.await();
            points.threw(() -> Caps.begin(Scope.PROCESS, options -> options.withTimeout(Duration.ofSeconds(2))).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void namesAThreadWithUnknownSecurebits() {
        try (ObservedChild child = ObservedChild.start(Mute.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("prctl\\(PR_GET_SECUREBITS\\): EPERM: the state of thread"
                    + " [0-9]+ \\(mute\\) cannot be read");
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
            SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.valueOf(args[0]), arguments);
            points.threw(initial::dropAll);
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void refusedCallTouchesNoOtherThread() {
        try (ObservedChild child =
                ObservedChild.start(CallerIsRefused.class, "PRCTL", Integer.toString(Syscalls.PR_CAPBSET_DROP), "0")
                        .together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message())
                    .startsWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: ")
                    .doesNotContain("end this process");
            assertThat(thrown.changed()).isFalse();
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void refusedCapsetTouchesNoThread() {
        try (ObservedChild child = ObservedChild.start(CallerIsRefused.class, "CAPSET").together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message()).startsWith("capset(").contains("): EPERM: ").doesNotContain("end this process");
            assertThat(thrown.changed()).isFalse();
        }
    }

    /** A page that may not become executable, as a security module or a filter has it. */
    static final class NoCode implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            SeccompFilter.refuse(Syscalls.EACCES, Syscalls.Call.MPROTECT, SeccompFilter.ANY, SeccompFilter.ANY, PROT_READ_EXEC);
            points.threw(() -> Caps.begin(Scope.PROCESS));
            points.at("refused");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void refusesWhenThePageMayNotBecomeExecutable() {
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
    void refusesWhenTheSignalActionCannotBeRead() {
        try (ObservedChild child = ObservedChild.start(CallerIsRefused.class, "RT_SIGACTION").together()) {
            Thrown thrown = child.threw();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(thrown.message()).isEqualTo("rt_sigaction(33): EPERM: the signal handler cannot be read");
            assertThat(thrown.changed()).isFalse();
        }
    }
}
