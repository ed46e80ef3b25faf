package privileged.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.Syscalls;

/** What the kernel, the C library and the JDK do by themselves: why this library does what it does. */
@Privileged
class KernelFactsIT {

    static final class SwitchesByItself implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            points.say(Syscalls.setresuidOfTheCLibrary(NOBODY));
            points.at("switched");
        }
    }

    /** On every thread: which keeps inheritable, bounding and no_new_privs as they were. */
    @Test
    void setresuidOfTheCLibraryClearsThreeSetsOnly() {
        try (ObservedChild child =
                ObservedChild.of(SwitchesByItself.class).inheriting("kill,setuid", "kill").start().together()) {
            assertThat(child.start().ambient()).isEqualTo(CapMasks.KILL);
            assertThat(child.said()).isEqualTo("0");
            assertThat(child.at("switched"))
                    .isEqualTo(child.start().withPermitted(0).withEffective(0).withAmbient(0).withUid(NOBODY));
        }
    }

    /** The first process is started by a restricted thread: the JDK's thread that waits for it is restricted, too. */
    static final class StartsWhileRestricted implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Process[] process = new Process[1];
            Checkpoints.onNewThread(() -> {
                Caps.begin(Scope.THREAD).drop(Identity.of(NOBODY, NOBODY));
                process[0] = new ProcessBuilder("cat").start();
            });
            points.at("started");
            process[0].getOutputStream().close();
            process[0].waitFor();
        }
    }

    @Test
    void reaperOfARestrictedThreadStaysRestricted() throws InterruptedException {
        try (ObservedChild child = ObservedChild.start(StartsWhileRestricted.class).inheriting("process reaper")) {
            assertThat(child.at("started")).isEqualTo(child.start());
            assertThat(reapers(child)).allMatch(
                    child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs()::equals);
        }
    }

    /** The same for all: started by an ordinary thread, it is reached as any other is. */
    static final class StartsBefore implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Process process = new ProcessBuilder("cat").start();
            Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY));
            points.at("dropped");
            process.getOutputStream().close();
            process.waitFor();
        }
    }

    @Test
    void existingReaperIsChangedWithTheOthers() throws InterruptedException {
        try (ObservedChild child = ObservedChild.start(StartsBefore.class).together()) {
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(nobody);
            assertThat(reapers(child)).allMatch(nobody::equals);
        }
    }

    /** At least one: a thread takes its name when it first runs. */
    private static List<OutsideStatus> reapers(ObservedChild child) throws InterruptedException {
        for (int i = 0; i < 3_000; i++) {
            List<OutsideStatus> found = ProcTasks.of(child.process()).stream()
                    .filter(task -> ProcTasks.name(task).equals("process reaper"))
                    .flatMap(task -> OutsideStatus.ofLiving(task).stream()).toList();
            if (!found.isEmpty()) {
                return found;
            }
            Thread.sleep(10);
        }
        throw new AssertionError("there is no process reaper");
    }

    static final class Unshares implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY));
            Caps.requireNoNamespaceCaps();
            points.at("dropped");
            points.say(Command.run("unshare", "--user", "--map-root-user", "grep", "^CapEff", "/proc/self/status").strip());
        }
    }

    /** A user namespace of its own needs no capability, and gives all of them inside. */
    @Test
    @Requires(Requirement.USER_NAMESPACES_FOR_NOBODY)
    void newUserNamespaceGivesEveryCapability() throws IOException {
        int last = Integer.parseInt(Files.newBufferedReader(Path.of("/proc/sys/kernel/cap_last_cap")).readLine());
        try (ObservedChild child = ObservedChild.start(Unshares.class).together()) {
            assertThat(child.at("dropped")).isEqualTo(
                    child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.said()).isEqualTo("CapEff:\t" + CapMasks.hex((1L << last + 1) - 1));
        }
    }

    static final class Dropped implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY));
            points.at("dropped");
        }
    }

    /** Whoever has the same uid can have the JVM do things. */
    @Test
    void attachNeedsOnlyTheSameUid() throws Exception {
        try (ObservedChild child = ObservedChild.start(Dropped.class).together()) {
            child.at("dropped");
            Command.run("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                    "--inh-caps", "-all", "--bounding-set", "-all", "--no-new-privs",
                    Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(child.process()), "VM.version");
        }
    }
}
