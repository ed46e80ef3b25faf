package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.launch.Handover.descriptors;
import static privileged.launch.Handover.nobody;
import static privileged.launch.Handover.said;
import static privileged.launch.Handover.with;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A launch that cannot hand a descriptor over names the cause, and no program begins. */
@Privileged
class HandoverRefusalsIT {

    private static final String LOST = ": it did not arrive: the child's limit of open files is too low for it"
            + " (RLIMIT_NOFILE), or a security module forbids to hand it over";

    static final class Refused implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Launcher launcher = Launcher.of(new ProcessBuilder("true"));
            for (String word : args) {
                points.threw(() -> launcher.keeping(Set.of(Integer.parseInt(word))).plan());
                points.threw(() -> launcher.keeping(Set.of(Integer.parseInt(word))).start());
            }
        }
    }

    /** Lets calls of the child fail, or succeed and do nothing. */
    static final class Filtered implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            said(nobody(Set.of(6, 9), "true")); // SecureRandom keeps files open
            SeccompFilter.refuse(Integer.parseInt(args[0]), Syscalls.Call.valueOf(args[1]));
            Set<String> before = descriptors();
            points.threw(() -> nobody(Set.of(6, 9), "true").start());
            points.say(ProcessHandle.current().children().count());
            points.say(descriptors().equals(before));
        }
    }

    /** Descriptor 900 is open, and is above the limit. */
    static final class OverTheLimit implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> nobody(Set.of(900), "true").start());
            points.say(ProcessHandle.current().children().count());
        }
    }

    @Test
    void refusesWhatCannotBeKept() {
        try (ObservedChild child = with(ObservedChild.of(Refused.class, "2", "0", "-1", "999"), "5</dev/null").start()) {
            for (String word : List.of("2", "0", "-1")) {
                for (int i = 0; i < 2; i++) {
                    Thrown thrown = child.threw();
                    assertThat(thrown.type()).isEqualTo("IllegalArgumentException");
                    assertThat(thrown.message()).isEqualTo("a descriptor to keep is above 2, and " + word + " is not");
                }
            }
            for (int i = 0; i < 2; i++) {
                assertThat(child.threw().message()).isEqualTo("fcntl(999, F_GETFD): EBADF: a descriptor to keep is not open");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 CONNECT | connect(AF_UNIX) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "0 CONNECT | write(AF_UNIX) [in the child]: ENOTCONN: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "1 RECVMSG | recvmsg(AF_UNIX) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "0 RECVMSG | recvmsg(AF_UNIX) [in the child]: gave 0, not 1",
        "1 DUP3    | receive descriptor 9: dup3(7, 9) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the"
                + " cause can be a security module or a seccomp filter",
        "0 DUP3    | receive descriptor 9: dup3(7, 9) [in the child]: gave 0, not 9",
        "1 SOCKET  | socket(AF_UNIX): EPERM: a launch hands descriptors over through a unix socket; a limit, a seccomp filter"
                + " or a security module may forbid that",
        "1 SENDMSG | sendmsg(SCM_RIGHTS): EPERM: a launch hands descriptors over through a unix socket; a limit, a seccomp"
                + " filter or a security module may forbid that",
        "22 SENDMSG | sendmsg(SCM_RIGHTS): EINVAL: the kernel does not hand over this kind of file, for example an io_uring",
    })
    @Privileged(also = CapMasks.FOR_FILTERS)
    void noProgramBeginsIfACallFails(String filter, String message) {
        try (ObservedChild child = with(ObservedChild.of(Filtered.class, filter.split(" ")),
                "6</dev/null 9</dev/null").start()) {
            assertThat(child.threw().message()).isEqualTo(message);
            assertThat(child.said()).as("children").isEqualTo("0");
            assertThat(child.said()).as("the same descriptors as before").isEqualTo("true");
        }
    }

    @Test
    void noProgramBeginsIfANumberIsAboveTheLimit() {
        try (ObservedChild child = ObservedChild.of(OverTheLimit.class).through("bash", "-c", "exec 900</dev/null; ulimit -n 500;"
                + " exec \"$@\"", "bash").start()) {
            assertThat(child.threw().message()).matches("receive descriptor 900: dup3\\(\\d+, 900\\) \\[in the child]: EBADF"
                    + Pattern.quote(LOST));
            assertThat(child.said()).as("children").isEqualTo("0");
        }
    }
}
