package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import nucleus.caps.Capability;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A process whose threads hold different credentials: they reach the same end, or nothing changes. */
@Privileged
class DifferingThreadsIT {

    /** A thread that was restricted alone: glibc would abort the process at the change of the identity. */
    static final class Differs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch restricted = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().name("restricted").start(() -> {
                switch (args[0]) {
                    case "dropped" -> Caps.begin(Scope.THREAD).drop(ProcessIT.SOMEBODY);
                    case "stuck" -> Caps.begin(Scope.THREAD).dropAll();
                    default -> Caps.thisThread().lower(SetKind.EFFECTIVE, Capability.CAP_SETUID);
                }
                points.at("restricted");
                restricted.countDown();
                ProcessIT.await(end);
                points.at("alone again");
            });
            restricted.await();
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(ProcessIT.SOMEBODY));
            points.at("tried");
            end.countDown();
            thread.join();
            Caps.begin(Scope.PROCESS).drop(ProcessIT.SOMEBODY);
            points.at("dropped without it");
        }
    }

    /** Without a map of all ids, an id that seems to be nobody may be another, and the last drop switches it again. */
    @ParameterizedTest
    @ValueSource(strings = {"lowered", "dropped"})
    @Requires(Requirement.ALL_IDS)
    void differingThreadsReachTheSameEnd(String how) throws IOException {
        try (ObservedChild child = ObservedChild.start(Differs.class, how)) {
            child.at("restricted");
            assertThat(child.saidNothingThrown()).isTrue();
            child.together();
            OutsideStatus dropped = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs();
            assertThat(child.at("tried")).isEqualTo(dropped);
            assertThat(child.at("alone again")).isEqualTo(dropped);
            assertThat(child.at("dropped without it")).isEqualTo(dropped);
        }
    }

    @Test
    void namesAThreadThatCannotFollow() {
        try (ObservedChild child = ObservedChild.start(Differs.class, "stuck")) {
            OutsideStatus restricted = child.at("restricted");
            long tid = child.thread();
            Thrown thrown = child.threw();
            assertThat(thrown.message()).isEqualTo("setgroups([7]) [thread " + tid + "]: EPERM: needs CAP_SETGID in the"
                    + " effective set, which holds none");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("tried")).isEqualTo(child.start());
            assertThat(child.at("alone again")).isEqualTo(restricted);
            child.together();
            assertThat(child.at("dropped without it")).isEqualTo(
                    child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs());
        }
    }

    /** Why no call of the C library changes anything here: it ends a process whose threads do not all succeed. */
    static final class Aborts implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch restricted = new CountDownLatch(1);
            Thread.ofPlatform().daemon().start(() -> {
                Caps.thisThread().clear(SetKind.EFFECTIVE);
                restricted.countDown();
                ProcessIT.await(new CountDownLatch(1));
            });
            restricted.await();
            points.say("before");
            Syscalls.setresuidOfTheCLibrary(NOBODY);
        }
    }

    @Test
    void cLibraryAbortsWhenThreadsDiffer() {
        ObservedChild child =
                ObservedChild.of(Aborts.class).option("-XX:-CreateCoredumpOnCrash").option("-XX:ErrorFile=/dev/null").start();
        assertThat(child.said()).isEqualTo("before");
        assertThatThrownBy(child::close).isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with exit code 134");
    }
}
