package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** Scope.PROCESS: at each point every thread of the child is as the one that came there. */
@Privileged
class ProcessIT {

    private static final long BIND = 1L << Capability.CAP_NET_BIND_SERVICE.number();
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 7);

    private static void await(CountDownLatch latch) {
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
            Caps.verifyNoNamespaceCaps(true);
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
    void noThreadOfAnyPoolKeepsAnything() {
        try (ObservedChild child = ObservedChild.start(WithPools.class).together()) {
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(nobody);
            assertThat(child.at("a thread of a pool")).isEqualTo(nobody);
            assertThat(child.at("a thread of the common pool")).isEqualTo(nobody);
            assertThat(child.at("after a process")).isEqualTo(nobody);
        }
    }

    /** Every thread may still bind a low port, and none can change a file of root's. */
    static final class Keeps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Path file = Path.of(args[0]);
            ExecutorService pool = Executors.newSingleThreadExecutor();
            pool.submit(() -> {}).get();
            Caps.begin(Scope.PROCESS)
                    .dropBoundingSetExcept(CapabilitySet.ofMask(args[1]))
                    .switchIdentity(SOMEBODY).finalizeDrop();
            points.at("dropped");
            points.say(pool.submit(() -> tried(file)).get());
            Thread fresh = Thread.ofPlatform().start(() -> points.say(tried(file)));
            fresh.join();
            pool.shutdown();
        }

        private static String tried(Path file) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
                Files.setAttribute(file, "unix:uid", 65534);
                return "bound and changed";
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    /** In a network namespace of its own: there nobody else has the port, and it is a privileged one. */
    private static void tries(long kept, String outcome) throws IOException {
        Path file = Files.createTempFile("nucleus-caps-", ".root");
        try (ObservedChild child = ObservedChild.of(Keeps.class, file.toString(), CapMasks.hex(kept)).after("ip link set lo up")
                .through("unshare", "--net").start().together()) {
            assertThat(child.at("dropped")).isEqualTo(
                    child.start().holdingOnly(kept).as(NOBODY, NOBODY, 7L).withNoNewPrivs());
            assertThat(child.said()).isEqualTo(outcome.formatted(file));
            assertThat(child.said()).isEqualTo(outcome.formatted(file));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void whatIsKeptIsKeptByEveryThread() throws IOException {
        tries(BIND, "java.nio.file.FileSystemException: %s: Operation not permitted");
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void whatIsNotKeptIsMissed() throws IOException {
        tries(0, "java.net.BindException: Permission denied");
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
                Caps.current();
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
    void whoHasCalledIsNamedAsJavaNamesIt() {
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
    void itWorksFromAVirtualThread() {
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
    void threadsThatAreBornMeanwhileAreChangedToo() {
        for (int i = 0; i < 3; i++) {
            try (ObservedChild child = ObservedChild.start(Churns.class).together()) {
                OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY, 7L).withNoNewPrivs();
                assertThat(child.at("dropped")).isEqualTo(nobody);
                assertThat(child.at("later")).isEqualTo(nobody);
            }
        }
    }

    /** A thread that was restricted alone: glibc would abort the process at the change of the identity. */
    static final class Differs implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch restricted = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            Thread thread = Thread.ofPlatform().name("restricted").start(() -> {
                switch (args[0]) {
                    case "dropped" -> Caps.begin(Scope.THREAD).drop(SOMEBODY);
                    case "stuck" -> Caps.begin(Scope.THREAD).dropAll();
                    default -> Caps.thisThread().lower(SetKind.EFFECTIVE, Capability.CAP_SETUID);
                }
                points.at("restricted");
                restricted.countDown();
                await(end);
                points.at("alone again");
            });
            restricted.await();
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(SOMEBODY));
            points.at("tried");
            end.countDown();
            thread.join();
            Caps.begin(Scope.PROCESS).drop(SOMEBODY);
            points.at("dropped without it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lowered", "dropped"})
    void threadsThatDifferGetToTheSameEnd(String how) throws IOException {
        Requirement.ALL_IDS.orSkip(); // else one that seems to be nobody may be another, and the last drop switches again
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
    void aThreadThatCannotGetThereIsNamedAndNothingIsChanged() {
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
                await(new CountDownLatch(1));
            });
            restricted.await();
            points.say("before");
            Syscalls.setresuidOfTheCLibrary(NOBODY);
        }
    }

    @Test
    void theCLibraryAbortsWhereThreadsDiffer() {
        ObservedChild child =
                ObservedChild.of(Aborts.class).option("-XX:-CreateCoredumpOnCrash").option("-XX:ErrorFile=/dev/null").start();
        assertThat(child.said()).isEqualTo("before");
        assertThatThrownBy(child::close).isInstanceOf(AssertionError.class)
                .hasMessageContaining("ended with exit code 134");
    }
}
