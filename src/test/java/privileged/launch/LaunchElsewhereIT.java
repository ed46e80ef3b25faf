package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Caps;
import nucleus.caps.Launcher;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SmallPrograms;

/** Launches where /proc hides children, where a child starts with less than its parent, and where the JDK is broken. */
@Privileged
@SameInContainers
class LaunchElsewhereIT {

    private static final String JAVA_HOME = System.getProperty("java.home");

    /** Lowers the ambient set of a thread, so that a child of the thread starts without it. */
    static final class Weaker implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Launcher launcher = Launcher.of(new ProcessBuilder(args[0])).bounding(Caps.thread().sets().bounding());
            Caps.thisThread().clear(SetKind.AMBIENT);
            points.say(String.join("|", LaunchWishes.lines(launcher.plan())));
            points.say(String.join("|", LaunchWishes.output(launcher.start())));
            points.say(Thread.getAllStackTraces().keySet().stream()
                    .filter(each -> each.getName().equals("nucleus.caps.launch")).count());
        }
    }

    /** Under noroot, uid 0 gives a child no capability. */
    static final class NoRoot implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Launcher launcher = Launcher.of(new ProcessBuilder(args[0])).bounding(Caps.thread().sets().bounding());
            Caps.thisThread().set(SecureBits.of(SecureBit.NOROOT));
            points.say(String.join("|", LaunchWishes.lines(launcher.plan())));
            points.say(String.join("|", LaunchWishes.output(launcher.start())));
        }
    }

    static final class Starts implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            try {
                points.say(Launcher.of(new ProcessBuilder("id")).start());
            } catch (IOException e) {
                points.say(e.getMessage().lines().findFirst().orElseThrow());
            }
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void verifiesAChildThatProcHides() {
        String wish = LaunchWishes.wish("65534:65534", CapMasks.NET_BIND_SERVICE, 0, 0, "-", true,
                new SmallPrograms().status());
        for (int hidepid = 1; hidepid <= 2; hidepid++) {
            try (ObservedChild child = ObservedChild.of(LaunchWishes.class, wish)
                    .through("capsh", "--drop=cap_sys_ptrace", "--", "-c", "exec \"$0\" \"$@\"")
                    .through("setpriv", "--regid", "4", "--clear-groups") // hidepid hides nothing from group 0
                    .after("mount -t proc -o hidepid=" + hidepid + " proc /proc")
                    .through("unshare", "--mount", "--propagation", "private").start()) {
                assertThat(child.said()).isEqualTo(child.said()).startsWith("Uid:\t65534\t65534\t65534\t65534|");
                assertThat(child.at("launched")).isEqualTo(child.start());
            }
        }
    }

    @Test
    void launchesAChildThatStartsWithLess() {
        try (ObservedChild child = ObservedChild.of(Weaker.class, new SmallPrograms().status().toString())
                .asNobodyWith("kill").start()) {
            assertThat(child.said()).isEqualTo(child.said()).contains("CapPrm:\t0000000000000000");
            assertThat(child.said()).as("threads of the library").isEqualTo("0");
        }
    }

    @Test
    void launchesAChildOfRootUnderNoroot() {
        try (ObservedChild child = ObservedChild.of(NoRoot.class, new SmallPrograms().status().toString())
                .through("setpriv", "--clear-groups").start()) {
            assertThat(child.said()).isEqualTo(child.said()).startsWith("Uid:\t0\t0\t0\t0|")
                    .contains("CapPrm:\t0000000000000000");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void leavesTheCauseToTheJdkIfItsHelperIsNotExecutable(@TempDir Path directory) throws Exception {
        Path helper = Path.of(JAVA_HOME, "lib", "jspawnhelper");
        Path copy = Files.copy(helper, directory.resolve("helper"));
        try (ObservedChild child = ObservedChild.of(Starts.class)
                .after("chmod 644 " + copy + "; mount --bind " + copy + " " + helper)
                .through("unshare", "--mount", "--propagation", "private").start()) {
            assertThat(child.said()).startsWith("Cannot run program \"id\"").contains("13");
        }
    }
}
