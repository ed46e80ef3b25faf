package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;

/** A child that SIGSTOP stops before its execve. The launcher waits 30 s for it, and so does this test. */
@Privileged
@SameInContainers
class StoppedChildIT {

    /** A seccomp filter holds the child at its setresuid. Another thread stops it there. */
    static final class Stops implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CompletableFuture<Long> held = new CompletableFuture<>();
            CompletableFuture<Integer> stopped = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> { // before the filter, which it would inherit
                int child = SeccompFilter.await(held.join()).orElseThrow().process();
                Command.run("kill", "-STOP", Integer.toString(child));
                stopped.complete(child);
            });
            Checkpoints.onNewThread(() -> {
                held.complete(SeccompFilter.hold(Syscalls.Call.SETRESUID));
                Launcher launcher = Launcher.of(new ProcessBuilder("touch", args[0])).identity(Identity.of(65534, 65534));
                Thread observer = Thread.ofPlatform().unstarted(() -> points.say(state(stopped.join())));
                observer.start();
                long start = System.nanoTime();
                points.threw(launcher::start);
                observer.join();
                points.say((System.nanoTime() - start) / 1_000_000_000L);
            });
            points.say(ProcessHandle.of(stopped.join()).isPresent());
        }

        /** Field 3 of proc_pid_stat(5), once it is no longer that of a process that waits. */
        private static String state(int process) {
            try {
                while (true) {
                    String stat = Files.readString(Path.of("/proc", Integer.toString(process), "stat"));
                    String state = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[0];
                    if (!state.equals("S") && !state.equals("R")) {
                        return state;
                    }
                    Thread.sleep(1);
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void childThatIsStoppedIsKilledAfterThirtySeconds() {
        Path made = Path.of(System.getProperty("java.io.tmpdir"), "made-by-a-stopped-child");
        try (ObservedChild child = ObservedChild.start(Stops.class, made.toString())) {
            assertThat(child.said()).as("state").isEqualTo("T");
            assertThat(child.threw().message()).isEqualTo("launch: the child has said nothing for 30 s: it may be stopped; it is"
                    + " killed now");
            assertThat(Long.parseLong(child.said())).as("seconds").isGreaterThanOrEqualTo(30);
            assertThat(child.said()).as("the child exists").isEqualTo("false");
        }
        assertThat(made).doesNotExist();
    }
}
