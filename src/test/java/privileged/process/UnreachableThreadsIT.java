package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A thread that the signal does not reach: the drop is refused before anything changes. */
@Privileged
class UnreachableThreadsIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

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
            points.threw(() -> Caps.begin(Scope.PROCESS, options -> options.withTimeout(Duration.ofSeconds(2))).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    void namesAThreadThatBlocksTheSignal() {
        try (ObservedChild child = ObservedChild.start(Blocks.class).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("Scope.PROCESS: these threads block signal 33")
                    .contains("(deaf)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
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
    void refusesWhenNoSignalCanBeQueued() {
        try (ObservedChild child = ObservedChild.of(Drops.class).through("prlimit", "--sigpending=0:0").start().together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).contains("EAGAIN");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }
}
