package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** Thread ids are few, and each is another thread's a moment later: a drop must judge threads, not numbers. */
@Privileged(also = CapMasks.FOR_FILTERS)
@SameInContainers
class RecycledIdsIT {

    private static final int LINEAGES = 8;
    /** The kernel hands out the ids 300 to 399 again. Each lineage may exceed this bound by one thread. */
    private static final int MOST_THREADS = 70;
    private static final String FEW_IDS = "echo 400 > /proc/sys/kernel/pid_max";

    /** Threads that each start a successor and end, before, during and after the drop. */
    static final class Lineages implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            IntStream.range(0, LINEAGES).forEach(lineage -> Thread.ofPlatform().daemon().start(Lineages::next));
            Caps.begin(Scope.PROCESS, options -> options.withTimeout(Duration.ofSeconds(30)))
                    .drop(Identity.of(TestIds.NOBODY, TestIds.NOBODY));
            points.at("dropped");
        }

        private static void next() {
            while (ProcTasks.of(ProcessHandle.current().pid()).size() >= MOST_THREADS) {
                Thread.yield(); // an ended thread keeps its id until the kernel has released it
            }
            Thread.ofPlatform().start(Lineages::next);
        }
    }

    @RepeatedTest(3)
    void dropsEveryThreadThoughIdsAreRecycled() throws IOException {
        Requirement.PID_MAX_PER_NAMESPACE.orSkip();
        Process process = ObservedChild.of(Lineages.class).after(FEW_IDS).through("unshare", "--pid", "--fork", "--mount-proc",
                "--kill-child").builder().redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).endsWith(" " + ObservedChild.START);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertThat(output.readLine()).endsWith(" dropped");
            Observer observer = new Observer(process.descendants().mapToLong(ProcessHandle::pid).max().orElseThrow());
            IntStream.range(0, 5)
                    .forEach(pass -> assertThat(observer.othersThan(List.of(Observer.NOTHING))).as("pass %s", pass).isEmpty());
        } finally {
            process.destroyForcibly();
        }
    }

}
