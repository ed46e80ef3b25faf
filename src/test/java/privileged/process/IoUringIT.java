package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Smoke;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A ring of io_uring acts with the credentials of its maker: a drop of the process is refused while there is one. */
@Privileged
@Smoke
class IoUringIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
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
    @Requires(Requirement.IO_URING)
    void refusesARing(int flags) {
        try (ObservedChild child = ObservedChild.start(WithRing.class, Integer.toString(flags)).together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).startsWith("Scope.PROCESS: io_uring is in use (descriptors [")
                    .contains("use the option allowIoUring()");
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
    @Requires(Requirement.IO_URING)
    void detectsARingByItsKernelThread() {
        try (ObservedChild child = ObservedChild.start(WithMappedRing.class).together()) {
            assertThat(child.said()).isEqualTo("true");
            Thrown thrown = child.threw();
            assertThat(thrown.message()).containsPattern("io_uring is in use \\(kernel thread [0-9]+\\)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    /** A thread with its own descriptor table, which holds the ring. */
    static final class WithRingElsewhere implements ChildScenario.WithSyscalls {

        private static final int CLONE_FILES = 0x400;

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            BlockingQueue<Long> rings = new LinkedBlockingQueue<>();
            Thread.ofPlatform().name("other").daemon().start(() -> {
                Syscalls.make(System.getProperty("os.arch").equals("amd64") ? 272 : 97, CLONE_FILES);
                rings.add(ring(0));
                Checkpoints.forEver();
            });
            points.say(rings.take());
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY));
            points.at("refused");
        }
    }

    @Test
    @Requires(Requirement.IO_URING)
    void refusesARingInTheTableOfAnotherThread() {
        try (ObservedChild child = ObservedChild.start(WithRingElsewhere.class).together()) {
            String ring = child.said();
            Thrown thrown = child.threw();
            assertThat(thrown.message()).contains("io_uring is in use (descriptors [" + ring + "] of thread ");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    static final class AllowsRing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            ring(Integer.parseInt(args[0]));
            points.at("ring");
            Caps.begin(Scope.PROCESS, options -> options.allowIoUring()).drop(SOMEBODY);
            points.at("dropped");
        }
    }

    /** The thread that polls for it keeps what it has: that is what is allowed here. */
    @ParameterizedTest
    @ValueSource(ints = {0, IORING_SETUP_SQPOLL})
    @Requires(Requirement.IO_URING)
    void acceptsAnAllowedRing(int flags) {
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
}
