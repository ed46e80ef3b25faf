package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.RepeatedTest;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Observer;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** The kernel reuses the few thread ids all the time. A drop must tell threads apart by more than their ids. */
@Privileged(also = CapMasks.FOR_FILTERS)
@SameInContainers
class RecycledIdsIT {

    private static final int LINEAGES = 8;
    /** The kernel hands out the ids 300 to 399 again. Each lineage may exceed this bound by one thread. */
    private static final int MOST_THREADS = 70;
    private static final String NAME = "lineage-";
    /** A lineage needs milliseconds for its next thread. The test waits so long only if the lineage has ended. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String FEW_IDS = "echo 400 > /proc/sys/kernel/pid_max";

    /** Threads that each start a successor and end, before, during and after the drop. */
    static final class Lineages implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            IntStream.range(0, LINEAGES).forEach(lineage -> start(NAME + lineage));
            Caps.begin(Scope.PROCESS, options -> options.withTimeout(Duration.ofSeconds(30)))
                    .drop(Identity.of(TestIds.NOBODY, TestIds.NOBODY));
            points.at("dropped");
        }

        private static void start(String name) {
            Thread.ofPlatform().name(name).start(() -> {
                while (ProcTasks.of(ProcessHandle.current().pid()).size() >= MOST_THREADS) {
                    Thread.yield(); // an ended thread keeps its id until the kernel has released it
                }
                start(name);
            });
        }
    }

    @RepeatedTest(3)
    @Requires(Requirement.PID_MAX_PER_NAMESPACE)
    void dropsEveryThreadWhileIdsAreReused() throws IOException {
        Process process = ObservedChild.of(Lineages.class).after(FEW_IDS).through("unshare", "--pid", "--fork", "--mount-proc",
                "--kill-child").builder().redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).endsWith(" " + ObservedChild.START);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertThat(output.readLine()).endsWith(" dropped");
            long child = process.descendants().mapToLong(ProcessHandle::pid).max().orElseThrow();
            Observer observer = new Observer(child);
            IntStream.range(0, 5)
                    .forEach(pass -> assertThat(observer.othersThan(List.of(Observer.NOTHING))).as("pass %s", pass).isEmpty());
            assertThat(goOn(child)).as("the lineages that go on").hasSize(LINEAGES);
        } finally {
            process.destroyForcibly();
        }
    }

    /** {@return the lineages that show a second thread from now on} A listing can miss a thread, so this lists until all do. */
    private static Set<String> goOn(long child) {
        Map<String, Path> first = new HashMap<>();
        Set<String> goOn = new TreeSet<>();
        for (long begin = System.nanoTime(); goOn.size() < LINEAGES && System.nanoTime() - begin < PATIENCE.toNanos();) {
            for (Path task : ProcTasks.of(child)) {
                String name = ProcTasks.name(task);
                if (name.startsWith(NAME) && !first.computeIfAbsent(name, key -> task).equals(task)) {
                    goOn.add(name);
                }
            }
        }
        return goOn;
    }
}
