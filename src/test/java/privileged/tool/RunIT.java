package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.tool.CapsRun.NOBODY;
import static privileged.tool.CapsRun.caps;
import static privileged.tool.CapsRun.output;
import static privileged.tool.CapsRun.status;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Command;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;

/** {@code caps run} as a process. */
@Privileged
class RunIT {

    private static final long BIND = CapMasks.NET_BIND_SERVICE;

    private static OutsideStatus state(String options) throws Exception {
        Process process = caps(options, "cat", "/proc/self/status");
        OutsideStatus state = OutsideStatus.parse(output(process));
        assertThat(status(process)).isZero();
        return state;
    }

    @Test
    void theCommandHoldsWhatIsNamed() throws Exception {
        OutsideStatus mine = OutsideStatus.mine();
        assertThat(state("")).isEqualTo(mine.holdingOnly(0).withGroups().withNoNewPrivs());
        assertThat(state("--uid nobody --no-new-privs"))
                .isEqualTo(mine.holdingOnly(0).as(65534, 65534, 65534L).withNoNewPrivs());
        assertThat(state("--keep net_bind_service,kill --allow-new-privs --groups 9,4"))
                .isEqualTo(mine.holdingOnly(BIND | CapMasks.KILL).withGroups(4L, 9L));
        assertThat(state(NOBODY + "--groups 5 --keep kill --ambient net_bind_service")).isEqualTo(mine.withSets(
                BIND | CapMasks.KILL, BIND, BIND, BIND, BIND).as(65534, 65534, 5L).withNoNewPrivs());
        assertThat(state("--uid 0x5 --gid nogroup --groups daemon,4"))
                .isEqualTo(mine.holdingOnly(0).as(5, 65534, 1L, 4L).withNoNewPrivs());
        long handed = mine.bounding() & ~CapMasks.KILL;
        assertThat(state(NOBODY + "--iab !cap_kill,^cap_net_bind_service,cap_setgid")).isEqualTo(mine.withSets(
                handed, BIND, BIND, BIND | CapMasks.SETGID, BIND).as(65534, 65534).withNoNewPrivs());
        assertThat(state("--keep kill --secure-bits 0x3"))
                .isEqualTo(mine.withSets(CapMasks.KILL, 0, 0, 0, 0).withGroups().withNoNewPrivs());
    }

    /** Signals that a JVM handles, and signals that it does not. The whole process group gets each. */
    @Test
    void commandGetsEachSignalOnce() throws Exception {
        List<String> signals = List.of("HUP", "INT", "QUIT", "USR1", "USR2", "WINCH", "CONT", "TERM");
        String traps = signals.stream().map(signal -> "trap 'echo " + signal + "' " + signal)
                .collect(Collectors.joining("; "));
        Process process = caps(NOBODY, "setsid", "sh", "-c",
                traps + "; trap 'exit 9' ALRM; echo $$; while :; do read line; done");
        try (BufferedReader lines = process.inputReader()) {
            String group = lines.readLine();
            for (String signal : signals) {
                Command.run("kill", "-" + signal, "--", "-" + group);
                assertThat(lines.readLine()).isEqualTo(signal);
            }
            Command.run("kill", "-ALRM", group);
            assertThat(lines.readLine()).isNull();
            assertThat(status(process)).isEqualTo(9);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void commandTakesThePlaceOfTheJvm() throws Exception {
        Process process = caps(NOBODY, "sh", "-c", "echo $$; readlink /proc/$$/exe; ls /proc/$$/task | wc -l");
        assertThat(output(process).lines()).containsExactly(Long.toString(process.pid()),
                Path.of("/bin/sh").toRealPath().toString(), "1");
        assertThat(status(process)).isZero();
    }

    @Test
    void resetsTheEnvironmentAsSetprivDoes() throws Exception {
        Process process = caps("--reset-env --uid nobody", "env");
        List<String> peer = Command.lines("setpriv", "--reuid", "nobody", "--regid", "65534", "--clear-groups",
                "--reset-env", "env");
        assertThat(output(process).lines()).containsExactlyInAnyOrderElementsOf(peer);
        Process unknown = caps("--reset-env --uid 4242 --gid 4242", "env");
        assertThat(output(unknown)).isEqualTo("caps: getpwuid_r(4242): no user has this uid\n");
        assertThat(status(unknown)).isEqualTo(125);
    }

    @Test
    void setsWhatTheOptionsName() throws Exception {
        Process process = caps(NOBODY + "--umask 0077 --chdir /usr/share --pdeathsig KILL --new-session", "sh", "-c",
                "umask; pwd; set -- $(ps -o sid= -p $$); [ $1 = $$ ] && echo leads");
        assertThat(output(process).lines()).containsExactly("0077", "/usr/share", "leads");
        assertThat(state("--reuid=65534 --regid=65534 --clear-groups --nnp --bounding-set kill"))
                .isEqualTo(OutsideStatus.mine().holdingOnly(0).withSets(CapMasks.KILL, 0, 0, 0, 0).as(65534, 65534)
                        .withNoNewPrivs());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ambient setuid,kill", "--wait --ambient setuid,kill", "--iab ^cap_setuid,^cap_kill"})
    void warnsOfACapabilityThatIsAsGoodAsRoot(String options) throws Exception {
        Process process = caps(NOBODY + options, "true");
        assertThat(output(process))
                .isEqualTo("caps: warning: a program that holds cap_setuid can become root again (caps explain)\n");
        assertThat(status(process)).isZero();
    }

    @Test
    void theCommandHasItsOwnWordsAndInput() throws Exception {
        Process process = caps(NOBODY, "sh", "-c", "cat; echo \"$1|$2\" >&2", "sh", "--help", "a b");
        process.getOutputStream().write("from outside\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        assertThat(output(process)).isEqualTo("from outside\n--help|a b\n");
        assertThat(status(process)).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--wait ", "--unprivileged "})
    @Requires(Requirement.USER_NAMESPACES_FOR_NOBODY)
    void noNamespacesRefusesThemToTheCommand(String option) throws Exception {
        Process allowed = caps(NOBODY + option, "unshare", "--user", "true");
        assertThat(output(allowed)).isEmpty();
        assertThat(status(allowed)).isZero();
        Process refused = caps(NOBODY + option + "--no-namespaces", "unshare", "--user", "true");
        assertThat(output(refused)).isEqualTo("unshare: unshare failed: Operation not permitted\n");
        assertThat(status(refused)).isOne();
    }

    /** Root of a container with {@code --cap-drop ALL --cap-add SETUID --cap-add SETGID}. */
    @Test
    void unprivilegedNeedsOnlySetuidAndSetgid() throws Exception {
        List<String> container = List.of("setpriv", "--bounding-set=-all,+setuid,+setgid", "--inh-caps=-all");
        Process process = caps(container, "--unprivileged " + NOBODY, "cat", "/proc/self/status");
        assertThat(OutsideStatus.parse(output(process))).isEqualTo(OutsideStatus.mine()
                .withSets(CapMasks.SETUID | CapMasks.SETGID, 0, 0, 0, 0).as(65534, 65534).withNoNewPrivs());
        assertThat(status(process)).isZero();
        Process refused = caps(container, NOBODY, "true");
        assertThat(output(refused)).startsWith("caps: prctl(PR_CAPBSET_DROP, CAP_SETGID): EPERM: needs CAP_SETPCAP")
                .endsWith(" (--unprivileged needs no CAP_SETPCAP)\n");
        assertThat(status(refused)).isEqualTo(125);
    }
}
