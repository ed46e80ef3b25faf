package privileged.process;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static privileged.harness.TestIds.ANYBODY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.FragileChild;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Syscalls;

/** The parent-death signal of a process survives the switch of its identity. */
@Privileged
class DeathSignalIT {

    private static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY);
    private static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_GET_PDEATHSIG = 2;
    private static final int SIGTERM = 15;

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            var initial = Caps.begin(Scope.PROCESS);
            if (args[0].equals("steps")) {
                initial.dropBoundingSet().switchIdentity(SOMEBODY).finalizeDrop();
            } else {
                initial.drop(SOMEBODY);
            }
            points.at("dropped");
        }
    }

    /** A shell stands between the test and the child. Only the main thread of the child has the signal at first. */
    @ParameterizedTest
    @ValueSource(strings = {"whole", "steps"})
    void endsTheChildWhoseParentIsKilled(String way, @TempDir Path directory) throws Exception {
        FragileChild child = new FragileChild(new ChildCommand(Drops.class, way).through("sh", "-c",
                "exec 3<&0; setpriv --pdeathsig KILL \"$@\" <&3 & wait", "sh"), directory.resolve("errors"),
                Duration.ofSeconds(60));
        child.next();
        child.goOn();
        long thread = child.next().tid();
        ProcessHandle process = ProcessHandle.of(ProcTasks.process(thread)).orElseThrow();
        try {
            assertThat(OutsideStatus.of(thread).uids()).containsOnly(ANYBODY);
            child.process().toHandle().destroyForcibly();
            assertThat(catchThrowableOfType(FragileChild.Stopped.class, child::next).hung()).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }

    static final class DropsAThread implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Scope scope = Scope.valueOf(args[0]);
            points.say(signal());
            Syscalls.prctl(PR_SET_PDEATHSIG, SIGTERM);
            Caps.begin(scope).drop(SOMEBODY);
            points.at("dropped");
            points.say(signal());
        }

        private static int signal() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment told = arena.allocate(JAVA_INT);
                Syscalls.make(Syscalls.Call.PRCTL.number(), PR_GET_PDEATHSIG, told.address());
                return told.get(JAVA_INT, 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aThreadThatHadItHasItAfterwards(Scope scope) {
        try (ObservedChild held = ObservedChild.start(DropsAThread.class, scope.name())) {
            ObservedChild child = scope == Scope.PROCESS ? held.together() : held;
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.at("dropped").uids()).containsOnly(ANYBODY);
            assertThat(child.said()).isEqualTo(Integer.toString(SIGTERM));
        }
    }
}
