package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.dropped;
import static privileged.docs.AgentRun.everyThread;
import static privileged.docs.AgentRun.java;
import static privileged.harness.TestIds.NOBODY;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** async-profiler is a native agent, which interrupts threads by signals. It works on beside a drop. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentProfilerIT {

    /** Works on a thread that is created after the drop. */
    static final class Busy {

        static volatile long turns;

        private Busy() {
        }

        public static void main(String[] args) throws Exception {
            Thread worker = new Thread(Busy::work);
            worker.start();
            worker.join();
            System.out.println("worked");
            System.in.read();
        }

        private static void work() {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            while (threads.getCurrentThreadCpuTime() < TimeUnit.SECONDS.toNanos(1)) {
                turn();
            }
        }

        private static void turn() {
            for (int i = 0; i < 100_000; i++) {
                turns = turns + 1;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"itimer", "ctimer", "wall"})
    void profilesThreadsThatStartAfterTheDrop(String event) throws Exception {
        Path file = Modules.directory("rwxrwxrwx").resolve("profile");
        List<String> command = java("=" + NOBODY_ON_PORTS, "-cp", Modules.readable().resolve("test-classes").toString(),
                Busy.class.getName());
        command.add(1, "-agentpath:" + library() + "=start,collapsed,event=" + event + ",file=" + file);
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            program.until("worked");
            everyThread(program, dropped());
            program.rest();
            assertThat(program.end()).as("%s", program.errors()).isZero();
        }
        assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo((int) NOBODY);
        assertThat(Files.readString(file)).contains("AgentProfilerIT$Busy.work;");
    }

    private static Path library() {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
        return Path.of(Consumer.at("agent/target/async-profiler")).resolve(machine).resolve("libasyncProfiler.so");
    }
}
