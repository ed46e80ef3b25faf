package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Options;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.TestIds;

/** What a JVM does with threads and processes goes on under the filter of denyNamespaces. */
@Privileged
class GoesOnIT {

    private static final Identity NOBODY = Identity.of(TestIds.NOBODY, TestIds.NOBODY);
    private static final int MANY = 1000;

    static final class Threads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            ExecutorService old = Executors.newFixedThreadPool(4);
            old.submit(() -> {}).get();
            Caps.begin(Scope.PROCESS, Options::denyNamespaces).drop(NOBODY);
            points.say(old.submit(() -> "pool").get());
            points.say(ForkJoinPool.commonPool().submit(() -> "common pool").get());
            List<Future<Integer>> results = new ArrayList<>();
            try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < MANY; i++) {
                    results.add(virtual.submit(() -> 1));
                }
            }
            int sum = 0;
            for (Future<Integer> result : results) {
                sum += result.get();
            }
            points.say(sum + " virtual threads");
            CountDownLatch alive = new CountDownLatch(MANY);
            CountDownLatch end = new CountDownLatch(1);
            for (int i = 0; i < MANY; i++) {
                Thread.ofPlatform().start(new FutureTask<>(() -> {
                    alive.countDown();
                    end.await();
                    return null;
                }));
            }
            alive.await();
            points.at("many threads");
            end.countDown();
            old.shutdown();
        }
    }

    static final class Processes implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.PROCESS, Options::denyNamespaces).drop(NOBODY);
            Process process = new ProcessBuilder("sh", "-c", "echo a | (read x; echo $x; sleep 0 & wait)").start();
            points.say(NamespaceWays.output(process) + " " + process.onExit().get(60, TimeUnit.SECONDS).exitValue());
        }
    }

    static final class FlightRecorder implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.PROCESS, Options::denyNamespaces).drop(NOBODY);
            Path file = Files.createTempFile("recording-", ".jfr");
            try (Recording recording = new Recording()) {
                recording.enable("jdk.ThreadStart");
                recording.start();
                Thread.ofPlatform().start(() -> {}).join();
                recording.stop();
                recording.dump(file);
            }
            points.say(Files.size(file) > 0);
            Files.delete(file);
        }
    }

    @Test
    void threadsOfEveryKind() {
        try (ObservedChild child = ObservedChild.start(Threads.class).together()) {
            assertThat(child.said()).isEqualTo("pool");
            assertThat(child.said()).isEqualTo("common pool");
            assertThat(child.said()).isEqualTo(MANY + " virtual threads");
            child.at("many threads");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX_SPAWN", "VFORK", "FORK"})
    void processesByEachMechanismOfTheJdk(String mechanism) {
        try (ObservedChild child = ObservedChild.of(Processes.class)
                .option("-Djdk.lang.Process.launchMechanism=" + mechanism).start()) {
            assertThat(child.said()).isEqualTo("a 0");
            assertThat(child.errors()).matches("(?s)|VFORK MODE DEPRECATED.*");
        }
    }

    @Test
    void flightRecorder() {
        try (ObservedChild child = ObservedChild.of(FlightRecorder.class).option("-Xlog:disable").start()) {
            assertThat(child.said()).isEqualTo("true");
        }
    }
}
