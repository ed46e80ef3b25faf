package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.SmallPrograms;
import privileged.harness.Syscalls;
import privileged.harness.TestIds;
import privileged.harness.Thrown;

/** What a launch says where it is not possible; and that the child is gone, and the JVM as it was. */
@Privileged
class LaunchRefusalsIT {

    private static final long BIND = CapMasks.NET_BIND_SERVICE;
    private static final String PLAIN = nobody(0, 0, 0, "-", "id");

    /** Launches by a wish, and says what it threw. */
    static class Refused implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.threw(() -> LaunchWishes.launcher(args[0]).start());
            points.say(ProcessHandle.current().children().count());
            points.at("refused");
        }
    }

    /** The same where a call of the child fails, or answers 0 and does nothing: as a seccomp filter arranges. */
    static final class Filtered extends Refused implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            String[] words = args[1].split(" ");
            Caps.thread();
            SeccompFilter.refuse(Integer.parseInt(words[0]), Syscalls.Call.valueOf(words[1]),
                    Stream.of(words).skip(2).mapToLong(Long::parseLong).toArray());
            super.run(points, args);
        }
    }

    private static String nobody(long bounding, long inheritable, long ambient, String secureBits, String command) {
        return LaunchWishes.wish("65534:65534", bounding, inheritable, ambient, secureBits, true, command);
    }

    private static ChildCommand launching(String wish) {
        return ObservedChild.of(Refused.class, wish);
    }

    private static Thrown refused(ChildCommand launch) {
        try (ObservedChild child = launch.start()) {
            Thrown thrown = child.threw();
            assertThat(child.said()).as("children").isEqualTo("0");
            assertThat(child.at("refused")).isEqualTo(child.start());
            return thrown;
        }
    }

    private static void refused(ChildCommand launch, String message) {
        assertThat(refused(launch).message()).isEqualTo(message);
    }

    @Test
    void namesWhatTheThreadCannotGive() {
        refused(launching(nobody(BIND, 0, 0, "-", "id"))
                .through("capsh", "--drop=cap_net_bind_service", "--", "-c", "exec \"$0\" \"$@\""),
                "prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks cap_net_bind_service");
        refused(launching(nobody(BIND, 0, BIND, "-", "id")),
                "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of inheritable, which lacks cap_net_bind_service");
        refused(launching(PLAIN).asNobodyWith(""),
                "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the effective set, which holds none");
        refused(launching(LaunchWishes.wish("-", BIND, BIND, BIND, "-", true, "id")).asNobodyWith("setpcap"),
                "capset: EPERM: nothing can be added to permitted, which lacks cap_net_bind_service");
        refused(launching(LaunchWishes.wish("1000:65533", 0, 0, 0, "-", true, "id")).as(TestIds.ANYBODY, "setpcap"),
                "setresuid(1000, 1000, 1000): EPERM: needs CAP_SETUID in the effective set, which holds cap_setpcap");
    }

    @Test
    void securebitsThatCannotBeAreNamed() {
        refused(launching(nobody(0, 0, 0, "10", "id")), "prctl(PR_SET_SECUREBITS, keep_caps): EPERM: execve clears"
                + " keep_caps, whether it is locked or not");
        refused(launching(nobody(0, 0, 0, "c", "id")).secureBits("8"), "prctl(PR_SET_SECUREBITS, 0xc):"
                + " EPERM: these securebits are locked and cannot be changed: no_setuid_fixup");
        refused(launching(nobody(0, 0, 0, "0", "id")).secureBits("8"),
                "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these locks of securebits cannot be removed: no_setuid_fixup_locked");
        refused(launching(nobody(BIND, BIND, BIND, "-", "id")).secureBits("0xc0"), "prctl(PR_CAP_AMBIENT,"
                + " PR_CAP_AMBIENT_RAISE, CAP_NET_BIND_SERVICE): EPERM: the securebit no_cap_ambient_raise is set");
    }

    @Test
    void aProgramThatIsNotThereForTheChildIsNamed() throws Exception {
        SmallPrograms programs = new SmallPrograms();
        Path forRoot = programs.copy(programs.status(), "forRoot", "0:0", "700");
        Path broken = programs.script("broken", "\u007fELF");
        Path lost = programs.script("lost", "#!/no/interpreter\n");
        refused(launching(nobody(0, 0, 0, "-", forRoot.toString())), "execve(" + forRoot + ") [in the child]: EACCES:"
                + " this identity may not execute it, or not reach it, or its file system is mounted noexec");
        refused(launching(nobody(0, 0, 0, "-", broken.toString())), "execve(" + broken + ") [in the child]: ENOEXEC:"
                + " it is no program for this machine");
        refused(launching(nobody(0, 0, 0, "-", lost.toString())),
                "execve(" + lost + "): ENOENT: its interpreter /no/interpreter is not there");
        refused(launching(nobody(0, 0, 0, "-", "/no/program")),
                "execve(/no/program): ENOENT: there is no such program");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 PRCTL 24    | prctl(PR_CAPBSET_DROP, CAP_CHOWN) [in the child]",
        "1 PRCTL 38    | prctl(PR_SET_NO_NEW_PRIVS, 1) [in the child]",
        "1 PRCTL 28    | prctl(PR_SET_SECUREBITS, 0x3) [in the child]",
        "1 SETGROUPS   | setgroups([]) [in the child]",
        "1 SETRESUID   | setresuid(65534, 65534, 65534) [in the child]",
    })
    @Privileged(also = CapMasks.FOR_FILTERS)
    void namesARefusedCallInTheChild(String filter, String syscall) {
        Thrown thrown = refused(ObservedChild.of(Filtered.class, nobody(BIND, BIND, BIND, "3", "id"), filter)
                .through("setpriv", "--groups", "4"));
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.message()).isEqualTo(syscall + ": EPERM: no rule of capabilities(7) forbids this call; the cause can"
                + " be a security module or a seccomp filter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 PRCTL 24    | VerificationException | bounding: expected cap_net_bind_service",
        "0 PRCTL 38    | VerificationException | no_new_privs: expected true, observed false",
        "0 PRCTL 47    | VerificationException | ambient: expected cap_net_bind_service, observed none",
        "0 PRCTL 28    | VerificationException | securebits: expected noroot,noroot_locked, observed keep_caps",
        "0 SETGROUPS   | VerificationException | groups: expected [], observed [4]",
        "0 SETRESGID   | VerificationException | gids: expected 65534, observed 0",
        "0 SETRESUID   | VerificationException | uids: expected 65534, observed 0",
    })
    @Privileged(also = CapMasks.FOR_FILTERS)
    void detectsAnIgnoredCallInTheChild(String filter, String type, String message) {
        Thrown thrown = refused(ObservedChild.of(Filtered.class, nobody(BIND, BIND, BIND, "3", "id"), filter)
                .through("setpriv", "--groups", "4"));
        assertThat(thrown.type()).isEqualTo(type);
        assertThat(thrown.message()).contains(message);
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void namesForbiddenProgramsInMemory() {
        refused(ObservedChild.of(Filtered.class, PLAIN, "13 MEMFD_CREATE"), "memfd_create(MFD_EXEC): EACCES: the sysctl"
                + " vm.memfd_noexec forbids a program in memory, which a launch starts with");
        refused(ObservedChild.of(Filtered.class, PLAIN, "1 MEMFD_CREATE"), "memfd_create(MFD_EXEC): EPERM: a launch starts with"
                + " a program in memory; a seccomp filter may forbid that");
    }
}
