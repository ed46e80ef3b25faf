package privileged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.RepeatedTest;

/** Thread ids are few, and each is another thread's a moment later: a drop must judge threads, not numbers. */
@Privileged(also = Bits.FOR_FILTERS)
class RecycledIdsIT {

    private static final int CREATORS = 8;
    private static final String FEW_IDS = "echo 400 > /proc/sys/kernel/pid_max";

    /** Threads that create one thread after the other, before, during and after the drop. */
    static final class Churns implements Scenario {
        @Override
        public void run(Points points, String... args) {
            IntStream.range(0, CREATORS).forEach(creator -> Thread.ofPlatform().daemon().start(Churns::create));
            Caps.begin(Scope.PROCESS).answerWithin(Duration.ofSeconds(30)).drop(Identity.of(Bits.NOBODY, Bits.NOBODY));
            points.at("dropped");
        }

        private static void create() {
            try {
                while (true) {
                    Thread.ofPlatform().start(() -> { }).join();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @RepeatedTest(3)
    void dropsEveryThreadThoughIdsAreRecycled() throws IOException {
        assumeTrue(isPidMaxOfANamespace(), "not to be had here: a pid_max for each pid namespace, Linux 6.14");
        Process process = Held.of(Churns.class).after(FEW_IDS).through("unshare", "--pid", "--fork", "--mount-proc",
                "--kill-child").builder().redirectErrorStream(true).start();
        try (BufferedReader output = process.inputReader()) {
            assertThat(output.readLine()).endsWith(" " + Held.START);
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            assertThat(output.readLine()).endsWith(" dropped");
            Observer observer = new Observer(process.descendants().mapToLong(ProcessHandle::pid).max().orElseThrow());
            IntStream.range(0, 5).forEach(pass ->
                    assertThat(observer.othersThan(List.of(Observer.NOTHING))).as("pass %s", pass).isEmpty());
        } finally {
            process.destroyForcibly();
        }
    }

    /** On older kernels the number is that of the whole machine. */
    private static boolean isPidMaxOfANamespace() {
        String[] release = System.getProperty("os.version").split("[.-]");
        return Integer.parseInt(release[0]) * 100 + Integer.parseInt(release[1]) >= 614;
    }
}
