package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SmallPrograms;
import privileged.harness.Smoke;
import privileged.harness.Syscalls;

/** A JVM that cannot become another program names the cause and lives on. */
@Privileged
@Smoke
class ExecRefusalsIT {

    /** It cannot, and lives on. */
    static final class Fails implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Dropped dropped = Caps.begin(Scope.valueOf(args[0])).dropAll();
            points.at("dropped");
            points.threw(() -> dropped.exec(List.of()));
            points.threw(() -> dropped.exec(List.of("true", "\0"), Map.of()));
            points.threw(() -> dropped.exec(List.of("true\0"), Map.of()));
            points.threw(() -> dropped.exec(List.of("true"), Map.of("A=B", "c")));
            points.threw(() -> dropped.exec(List.of("/no/program")));
            points.threw(() -> dropped.exec(List.of(args[1])));
            points.threw(() -> dropped.exec(List.of("true"), Set.of(999)));
            points.threw(() -> dropped.exec(List.of("true"), Set.of(-1)));
            points.at("alive");
            dropped.exec(List.of("sh", "-c", "echo SAID $0", "at last"));
        }
    }

    static final class RefusedProgram implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Dropped dropped = Caps.begin(Scope.THREAD).dropAll();
            points.threw(() -> dropped.exec(List.of(args[0])));
        }
    }

    /** What was verified is so no more. */
    static final class Differs implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Dropped dropped = Caps.begin(Scope.THREAD, options -> options.allowNewPrivileges()).dropAll();
            Syscalls.prctl(Syscalls.PR_SET_NO_NEW_PRIVS, 1);
            points.threw(() -> dropped.exec(List.of("true")));
            points.at("alive");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whereItFailsTheJvmLivesOn(Scope scope) throws Exception {
        String text = new SmallPrograms().script("text", "#!/no/interpreter\n").toString();
        try (ObservedChild child = ObservedChild.of(Fails.class, scope.name(), text).after("trap '' HUP USR1")
                .through("env", "--default-signal").start()) {
            ObservedChild whole = scope == Scope.PROCESS ? child.together() : child;
            OutsideStatus dropped = whole.at("dropped");
            assertThat(child.threw().message()).isEqualTo("there is no command");
            assertThat(child.threw().message()).isEqualTo("the text must not contain the character 0");
            assertThat(child.threw().message()).isEqualTo("the text must not contain the character 0");
            assertThat(child.threw().message()).isEqualTo("a variable has a name without =, not \"A=B\"");
            assertThat(child.threw().message()).isEqualTo("execve(/no/program): ENOENT: there is no such program");
            assertThat(child.threw().message()).startsWith("execve(" + text + "): ENOENT: there is no");
            assertThat(child.threw().message()).isEqualTo("fcntl(999, F_GETFD): EBADF: a descriptor to keep is not open");
            assertThat(child.threw().message()).isEqualTo("a descriptor is never negative, and -1 is");
            assertThat(whole.at("alive")).isEqualTo(dropped);
            assertThat(child.said()).isEqualTo("at last");
        }
    }

    @Test
    void refusesExecAfterTheStateChanged() {
        try (ObservedChild child = ObservedChild.start(Differs.class)) {
            assertThat(child.threw().type()).isEqualTo("VerificationException");
            child.at("alive");
        }
    }

    @Test
    void programOfAnotherProcessorIsNotForTheShell() throws Exception {
        String foreign = new SmallPrograms().script("foreign", "\u007fELF, and no program\n").toString();
        try (ObservedChild child = ObservedChild.start(RefusedProgram.class, foreign)) {
            assertThat(child.threw().message()).startsWith("execve(" + foreign + "): ENOEXEC: ");
        }
    }
}
