package privileged.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import nucleus.caps.FileCapabilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command.Result;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Smoke;

/** The kernel gives the capabilities of a file to the process that executes it. */
@Privileged
@Smoke
class ExecutedFileIT {

    private static final long MAPPED = 20_000;

    /** A program that says what it holds, in a directory that everybody can reach. */
    private static Path program() throws IOException {
        return Files.copy(Path.of("/bin/cat").toRealPath(), Modules.directory("rwxr-xr-x").resolve("cat"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    private static OutsideStatus executed(Path program, String inheritable) throws Exception {
        Result said = Command.result("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--inh-caps",
                inheritable.isEmpty() ? "-all" : "-all,+" + inheritable, "--ambient-caps", "-all", program.toString(),
                "/proc/self/status");
        assertThat(said.status()).as(said.output()).isZero();
        return OutsideStatus.parse(said.output());
    }

    @ParameterizedTest
    @CsvSource({
        "cap_kill=ep,            '',    20, 20",
        "cap_kill=p,             '',    20, 0",
        "cap_kill=ei,            '',    0,  0",
        "cap_kill=ei,            kill,  20, 20",
        "cap_kill=i cap_chown=p, kill,  21, 0",
        "=,                      kill,  0,  0",
    })
    void kernelGivesThemToTheExecutedProgram(String text, String inheritable, String permitted,
                                             String effective)
            throws Exception {
        Path program = program();
        assertThat(executed(program, inheritable)).extracting(OutsideStatus::permitted).isEqualTo(0L);

        FileCapabilities.parse(text).write(program);
        OutsideStatus gained = executed(program, inheritable);
        assertThat(CapMasks.hex(gained.permitted())).isEqualTo("%16s".formatted(permitted).replace(' ', '0'));
        assertThat(CapMasks.hex(gained.effective())).isEqualTo("%16s".formatted(effective).replace(' ', '0'));

        FileCapabilities.remove(program);
        assertThat(executed(program, inheritable)).extracting(OutsideStatus::permitted).isEqualTo(0L);
    }

    /** Inside a namespace whose root is that uid they count, and are shown without it; outside they do not. */
    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void rootUidLimitsThemToItsUserNamespace() throws Exception {
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").withRootUid(MAPPED).write(program);
        assertThat(executed(program, "")).extracting(OutsideStatus::permitted).isEqualTo(0L);

        Process child = new ProcessBuilder("unshare", "--user", "--keep-caps", "sh", "-ec", "echo ready; read go;"
                + " /usr/sbin/getcap -n \"$0\"; exec setpriv --reuid 1000 --regid 1000 --clear-groups --inh-caps -all"
                + " --ambient-caps -all \"$0\" /proc/self/status", program.toString()).redirectErrorStream(true).start();
        try {
            assertThat(child.inputReader().readLine()).isEqualTo("ready");
            for (String map : List.of("uid_map", "gid_map")) {
                Files.writeString(Path.of("/proc", Long.toString(child.pid()), map), "0 " + MAPPED + " 2000");
            }
            child.getOutputStream().write('\n');
            child.getOutputStream().flush();
            assertThat(child.inputReader().readLine()).isEqualTo(program + " cap_kill=ep");
            OutsideStatus gained = OutsideStatus.parse(String.join("\n", child.inputReader().lines().toList()));
            assertThat(gained.permitted()).isEqualTo(CapMasks.KILL);
            assertThat(gained.effective()).isEqualTo(CapMasks.KILL);
            assertThat(gained.uids()).containsOnly(1000L);
        } finally {
            child.destroyForcibly();
        }
    }

    /** On a file of another's. */
    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Path file = Path.of(args[0]);
            points.threw(() -> {
                throw new IllegalStateException(FileCapabilities.read(file).toString());
            });
            points.threw(() -> FileCapabilities.parse("cap_kill=p").write(file));
            points.threw(() -> FileCapabilities.remove(file));
        }
    }

    @Test
    void namesMissingSetfcap() throws IOException {
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").write(program);
        try (ObservedChild child = ObservedChild.of(Tries.class, program.toString()).asNobodyWith("").start()) {
            assertThat(child.threw().message()).isEqualTo("Optional[cap_kill=ep]");
            assertThat(child.threw().message()).isEqualTo("lsetxattr(" + program
                    + ", security.capability): EPERM: needs CAP_SETFCAP in the effective set");
            assertThat(child.threw().message()).isEqualTo("lremovexattr(" + program
                    + ", security.capability): EPERM: needs CAP_SETFCAP in the effective set");
        }
        assertThat(FileCapabilities.read(program)).contains(FileCapabilities.parse("cap_kill=ep"));
    }

    static final class Reads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> FileCapabilities.read(Path.of(args[0])));
        }
    }

    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void namesARootUidWithoutAMapping() throws IOException {
        Path program = program();
        FileCapabilities.parse("cap_kill=ep").withRootUid(MAPPED).write(program);
        try (ObservedChild child = ObservedChild.of(Reads.class, program.toString())
                .through("unshare", "--user", "--map-root-user").start()) {
            assertThat(child.threw().message()).isEqualTo("lgetxattr(" + program + ", security.capability):"
                    + " EOVERFLOW: its root uid has no mapping in this user namespace");
        }
    }
}
