package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Options;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.TestIds;

/** After denyExec no thread executes a program, whichever way the JDK would take. */
@Privileged
class DenyExecIT {

    static final class Starts implements ChildScenario {
        /** The JDK explains in many lines what it does not know. */
        private static String refusal(Callable<Process> start) {
            try {
                return "started " + start.call();
            } catch (Exception e) {
                return e.getClass().getSimpleName() + " " + e.getMessage().lines().findFirst().orElseThrow();
            }
        }

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            new ProcessBuilder("true").start().waitFor();
            Phase.Dropped dropped = Caps.begin(Scope.PROCESS, options -> options.withDumpable().denyExec())
                    .drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY));
            points.at("dropped");
            for (String command : List.of("true", "/bin/true", args[0])) {
                points.say(refusal(() -> new ProcessBuilder(command).start()));
            }
            Checkpoints.onNewThread(() -> points.say(refusal(() -> new ProcessBuilder("true").start())));
            points.say(refusal(() -> Launcher.of(new ProcessBuilder("true")).start()));
            points.threw(() -> dropped.exec(List.of("true")));
            points.say(Thread.ofPlatform().start(() -> {}).join(Duration.ofMinutes(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POSIX_SPAWN", "VFORK", "FORK"})
    void programsAreRefusedWithAnIoException(String mechanism) throws IOException {
        String program = CSource.of(DenyExecIT.class, "filtered").compile("filtered", "-static").toString();
        try (ObservedChild child = ObservedChild.of(Starts.class, program)
                .option("-Djdk.lang.Process.launchMechanism=" + mechanism).start().together()) {
            child.at("dropped");
            assertThat(SeccompLines.of(child.process())).containsExactly(SeccompLines.more(1));
            for (int i = 0; i < 4; i++) {
                assertThat(child.said()).matches("IOException Cannot run program .* error[:=] ?13.*");
            }
            assertThat(child.said())
                    .matches("IOException .* error[:=] ?13.*|CapsException execve\\(.*: EACCES: .* seccomp filter .*");
            assertThat(child.threw().message()).isEqualTo("exec: remove the option denyExec(); it refuses every execve(2)");
            assertThat(child.said()).as("a new thread").isEqualTo("true");
            assertThat(child.errors()).matches("(?s)|VFORK MODE DEPRECATED.*");
        }
    }
}
