package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Smoke;
import privileged.harness.Thrown;

/** Files of /proc that say something else than the kernel does, arranged in a mount namespace of the child's own. */
@Privileged(also = CapMasks.FOR_NAMESPACES)
@Smoke
class ForeignProcIT {

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.say(Caps.supported().mask());
            Caps.begin(Scope.THREAD).drop(Identity.of(NOBODY, NOBODY));
            points.at("dropped");
        }
    }

    static final class CannotBegin implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> Caps.begin(Scope.THREAD));
            points.threw(Caps::thread);
            points.threw(() -> Caps.thisThread().read());
            points.at("refused");
        }
    }

    /** The lie begins when the phase is there already. */
    static final class CannotGoOn implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.at("begun");
            points.threw(() -> initial.drop(Identity.of(NOBODY, NOBODY)));
            points.threw(Caps::thread);
            points.at("refused");
        }
    }

    private static ChildCommand inOwnMounts(ChildCommand launch, String script) {
        return launch.after(script).through("unshare", "--mount", "--propagation", "private");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "20", "63", "64", "-1", "many"})
    void ignoresAFalseLastCapability(String last, @TempDir Path directory) throws IOException {
        Path lie = Files.writeString(directory.resolve("cap_last_cap"), last + "\n");
        int truth = Integer.parseInt(new String(new ProcessBuilder("cat", "/proc/sys/kernel/cap_last_cap").start()
                .getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
        try (ObservedChild child =
                inOwnMounts(ObservedChild.of(Drops.class), "mount --bind " + lie + " /proc/sys/kernel/cap_last_cap")
                        .start()) {
            assertThat(child.said()).isEqualTo(CapMasks.hex((1L << truth + 1) - 1));
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @Test
    void refusesTheProcOfAnotherPidNamespace() throws IOException {
        cannotBeginAfter("unshare", "--pid", "--fork", "mount", "-t", "proc", "proc", "/proc");
    }

    @Test
    void refusesAMissingProc() throws IOException {
        cannotBeginAfter("mount", "-t", "tmpfs", "none", "/proc");
    }

    /** The JVM itself cannot start without its /proc. */
    private static void cannotBeginAfter(String... command) throws IOException {
        try (ObservedChild child = inOwnMounts(ObservedChild.of(CannotBegin.class), "true").start()) {
            runInMountsOf(child, command);
            for (int i = 0; i < 3; i++) {
                Thrown thrown = child.threw();
                assertThat(thrown.type()).isEqualTo("CapsException");
                assertThat(thrown.message()).isEqualTo(
                        "open(/proc/thread-self/status): ESRCH: /proc is not mounted, or it belongs to another pid namespace");
                assertThat(thrown.changed()).isFalse();
            }
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    private static void runInMountsOf(ObservedChild child, String... command) throws IOException {
        List<String> all = new ArrayList<>(
                List.of("nsenter", "--target", Long.toString(child.process()), "--mount"));
        all.addAll(List.of(command));
        assertThat(Command.result(all.toArray(String[]::new)).output()).isEmpty();
    }

    /** There the ids are those of the outer namespace, and /proc/thread-self is the thread nevertheless. */
    @Test
    void acceptsTheProcOfAnOuterPidNamespace() {
        try (ObservedChild child = ObservedChild.of(Drops.class).through("unshare", "--pid", "--fork", "--kill-child").start()) {
            child.said();
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    /** A copy of the file with one other value. The values that the child reports itself are the true ones. */
    @ParameterizedTest
    @CsvSource({"Uid, uids", "Gid, gids", "Groups, groups", "CapInh, inheritable", "CapPrm, permitted", "CapEff, effective",
        "CapBnd, bounding", "CapAmb, ambient", "NoNewPrivs, no_new_privs"})
    void refusesAStatusThatContradictsTheKernel(String line, String what, @TempDir Path directory) throws IOException {
        try (ObservedChild child = inOwnMounts(ObservedChild.of(CannotGoOn.class), "true").start()) {
            child.at("begun");
            Path file = Path.of("/proc/" + child.process() + "/task/" + child.thread() + "/status");
            Path lie = Files.writeString(directory.resolve("status"), lie(Files.readString(file), line));
            runInMountsOf(child, "mount", "--bind", lie.toString(), file.toString());
            for (int i = 0; i < 2; i++) {
                Thrown thrown = child.threw();
                assertThat(thrown.type()).isEqualTo("VerificationException");
                assertThat(thrown.message()).startsWith("read(/proc/self/task/" + child.thread()
                        + "/status): not verified: thread " + child.thread() + " (").contains(") " + what + ": expected ");
                assertThat(thrown.changed()).isFalse();
            }
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    private static String lie(String status, String line) {
        String lie = status.replaceFirst("(?m)^" + line + ":\t.*", line + ":\t" + switch (line) {
            case "Uid", "Gid" -> "65534\t65534\t65534\t65534";
            case "NoNewPrivs", "Groups" -> "1";
            default -> "8000000000000000";
        });
        assertThat(lie).isNotEqualTo(status);
        return lie;
    }
}
