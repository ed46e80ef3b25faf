package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Smoke;

/** Scope.PROCESS: at each point every thread of the child is as the one that came there. */
@Privileged
@Smoke
class ProcessIT {

    static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 7);

    /** Waits for another thread of the child. */
    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static final class InSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.at("begun");
            points.say(initial.observed().stream().map(ThreadStatus::tid).distinct().count() == initial.observed().size());
            Phase.BoundingDropped bounded = initial.dropBoundingSet();
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(SOMEBODY);
            points.at("switched");
            switched.finalizeDrop();
            points.at("dropped");
            Caps.requireDropped();
            Caps.requireNoNamespaceCaps();
        }
    }

    @Test
    void everyThreadTakesEveryStep() {
        try (ObservedChild child = ObservedChild.start(InSteps.class).together()) {
            assertThat(child.at("begun")).isEqualTo(child.start());
            assertThat(child.said()).as("each thread is listed once").isEqualTo("true");
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L);
            assertThat(child.at("switched")).isEqualTo(nobody);
            assertThat(child.at("dropped")).isEqualTo(nobody.withNoNewPrivs());
        }
    }

    /** Pools, the common pool, virtual threads and the process reaper are there before, and serve on afterwards. */
    static final class WithPools implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(8);
            ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
            for (int i = 0; i < 64; i++) {
                pool.submit(() -> LockSupport.parkNanos(1_000_000)).get();
                virtual.submit(() -> LockSupport.parkNanos(1_000_000)).get();
                ForkJoinPool.commonPool().submit(() -> {}).get();
            }
            new ProcessBuilder("true").start().onExit().get();
            Caps.begin(Scope.PROCESS).drop(SOMEBODY);
            points.at("dropped");
            pool.submit(() -> points.at("a thread of a pool")).get();
            ForkJoinPool.commonPool().submit(() -> points.at("a thread of the common pool")).get();
            new ProcessBuilder("true").start().onExit().thenRun(() -> points.at("after a process")).get();
            System.exit(virtual.submit(() -> Thread.currentThread().isVirtual()).get() ? 0 : 1);
        }
    }

    @Test
    void dropsEveryThreadOfEachPool() {
        try (ObservedChild child = ObservedChild.start(WithPools.class).together()) {
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(nobody);
            assertThat(child.at("a thread of a pool")).isEqualTo(nobody);
            assertThat(child.at("a thread of the common pool")).isEqualTo(nobody);
            assertThat(child.at("after a process")).isEqualTo(nobody);
        }
    }

    /** The thread that says its id has a name that the kernel cuts off; another has one too, and never called. */
    static final class Named implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch end = new CountDownLatch(1);
            Thread.ofPlatform().name("one that never calls").daemon().start(() -> await(end));
            Caps.begin(Scope.PROCESS).drop(SOMEBODY);
            Checkpoints.onNewThread(() -> {
                Thread.currentThread().setName("one that calls the library");
                Caps.thread().sets();
                points.at("called");
                points.say(Caps.threads().stream().filter(thread -> thread.javaName().isPresent())
                        .map(thread -> thread.tid() + " " + thread.name() + "=" + thread.javaName().orElseThrow())
                        .collect(Collectors.joining(",")));
            });
            points.at("main");
            points.say(Caps.threads().stream().filter(thread -> thread.javaName().isPresent())
                    .map(thread -> thread.tid() + " " + thread.javaName().orElseThrow()).collect(Collectors.joining(",")));
        }
    }

    @Test
    void givesTheJavaNameOfAThreadThatCalled() {
        try (ObservedChild child = ObservedChild.start(Named.class).together()) {
            child.at("called");
            long caller = child.thread();
            String[] named = child.said().split(",");
            child.at("main");
            assertThat(named).containsExactlyInAnyOrder(child.thread() + " java=main",
                    caller + " one that calls=one that calls the library");
            assertThat(child.said()).isEqualTo(child.thread() + " main");
        }
    }

    static final class OnVirtualThread implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Thread.ofVirtual().start(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY)).join();
            points.at("dropped");
        }
    }

    @Test
    void dropsFromAVirtualThread() {
        try (ObservedChild child = ObservedChild.start(OnVirtualThread.class).together()) {
            assertThat(child.at("dropped")).isEqualTo(
                    child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs());
        }
    }

    /** Threads are born all the time, by threads of every state. */
    static final class Churns implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            for (int i = 0; i < 4; i++) {
                Thread.ofPlatform().daemon().start(Churns::bear);
            }
            Thread.sleep(200);
            Caps.begin(Scope.PROCESS).drop(SOMEBODY);
            points.at("dropped");
            points.at("later");
        }

        private static void bear() {
            while (true) {
                Thread child = Thread.ofPlatform().daemon().start(() -> {});
                try {
                    child.join();
                } catch (InterruptedException e) {
                    return;
                }
            }
        }
    }

    @Test
    void changesThreadsThatStartMeanwhile() {
        for (int i = 0; i < 3; i++) {
            try (ObservedChild child = ObservedChild.start(Churns.class).together()) {
                OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs();
                assertThat(child.at("dropped")).isEqualTo(nobody);
                assertThat(child.at("later")).isEqualTo(nobody);
            }
        }
    }
}
