package privileged.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** Whose a phase and a handle are, and who is refused. */
@Privileged
class ConfinementIT {

    static final class ForeignHandle implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ThreadCaps caps = Caps.thisThread();
            Checkpoints.onNewThread(() -> {
                points.threw(caps::read);
                points.threw(() -> caps.read(SetKind.EFFECTIVE));
                points.threw(() -> caps.has(SetKind.EFFECTIVE, Capability.CAP_KILL));
                points.threw(() -> caps.set(SetKind.EFFECTIVE, CapabilitySet.NONE));
                points.threw(() -> caps.raise(SetKind.EFFECTIVE, Capability.CAP_KILL));
                points.threw(() -> caps.lower(SetKind.EFFECTIVE, Capability.CAP_KILL));
                points.threw(() -> caps.clear(SetKind.EFFECTIVE));
                points.at("another");
            });
            points.at("owner");
        }
    }

    static final class ForeignPhase implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSetExcept(CapabilitySet.NONE);
            points.at("bounded");
            Checkpoints.onNewThread(() -> {
                points.threw(initial::dropAll);
                points.threw(initial::lockUnprivileged);
                points.threw(bounded::finalizeDrop);
                points.threw(() -> bounded.switchIdentity(Identity.of(65534, 65534)));
                points.at("another");
            });
            bounded.finalizeDrop();
            points.at("dropped");
        }
    }

    /** All drop at once; then each is looked at in turn. */
    static final class AtOnce implements ChildScenario {
        static final int THREADS = 12;
        static final int FIRST_KEPT = 6; // CAP_SETGID, CAP_SETUID, CAP_SETPCAP

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CyclicBarrier together = new CyclicBarrier(THREADS);
            CountDownLatch done = new CountDownLatch(THREADS);
            Semaphore[] turns = Stream.generate(() -> new Semaphore(0)).limit(THREADS).toArray(Semaphore[]::new);
            Thread[] threads = IntStream.range(0, THREADS).mapToObj(i -> Thread.ofPlatform().start(() -> {
                try {
                    Phase.Initial initial = Caps.begin(Scope.THREAD);
                    synchronized (points) {
                        points.at("begun");
                    }
                    together.await();
                    initial.dropExcept(CapabilitySet.ofNumber(FIRST_KEPT + i % 3),
                            Identity.of(1000 + i, 2000 + i, 3000 + i));
                    done.countDown();
                    turns[i].acquire();
                    points.at("dropped");
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            })).toArray(Thread[]::new);
            done.await();
            for (int i = 0; i < THREADS; i++) {
                turns[i].release();
                threads[i].join();
            }
        }
    }

    static final class Virtual implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Thread.ofVirtual().start(() -> {
                points.threw(() -> Caps.begin(Scope.THREAD));
                points.threw(Caps::thisThread);
                points.threw(initial::dropAll);
            }).join();
            points.at("after");
        }
    }

    @Test
    void aHandleIsForTheThreadThatAskedForIt() {
        try (ObservedChild child = ObservedChild.start(ForeignHandle.class)) {
            for (int i = 0; i < 7; i++) {
                wrongThread(child);
            }
            assertThat(child.at("another")).isEqualTo(child.start());
            assertThat(child.at("owner")).isEqualTo(child.start());
        }
    }

    @Test
    void aPhaseIsForTheThreadThatBegan() {
        try (ObservedChild child = ObservedChild.start(ForeignPhase.class)) {
            OutsideStatus bounded = child.start().withBounding(0);
            assertThat(child.at("bounded")).isEqualTo(bounded);
            for (int i = 0; i < 4; i++) {
                wrongThread(child);
            }
            assertThat(child.at("another")).isEqualTo(bounded);
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).withNoNewPrivs());
        }
    }

    private static void wrongThread(ObservedChild child) {
        Thrown thrown = child.threw();
        assertThat(thrown.type()).isEqualTo("WrongThreadException");
        assertThat(thrown.message()).contains("this object belongs to thread \"main\"", "it cannot be used by thread ");
    }

    @Test
    void threadsDropAtOnceIndependently() {
        try (ObservedChild child = ObservedChild.start(AtOnce.class)) {
            for (int i = 0; i < AtOnce.THREADS; i++) {
                assertThat(child.at("begun")).isEqualTo(child.start());
            }
            for (long i = 0; i < AtOnce.THREADS; i++) {
                assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(1L << AtOnce.FIRST_KEPT + i % 3)
                        .as(1000 + i, 2000 + i, 3000 + i).withNoNewPrivs());
            }
        }
    }

    @Test
    void refusesAVirtualThread() {
        try (ObservedChild child = ObservedChild.start(Virtual.class)) {
            for (int i = 0; i < 2; i++) {
                Thrown thrown = child.threw();
                assertThat(thrown.type()).isEqualTo("WrongThreadException");
                assertThat(thrown.message()).contains("a virtual thread has no capabilities", "carrier");
            }
            wrongThread(child);
            assertThat(child.at("after")).isEqualTo(child.start());
        }
    }
}
