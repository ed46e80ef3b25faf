package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.nio.file.Path;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;

/** After the drop the thread cannot read the classes of the library any more. */
@Privileged
@SameInContainers
class UnreadableClassesIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    static final class InSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(SOMEBODY);
            points.at("switched");
            switched.finalizeDrop();
            points.at("dropped");
            switched.finalizeDrop();
            Caps.begin(Scope.THREAD).dropAll();
            points.at("again");
        }
    }

    static final class InOneCall implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(SOMEBODY);
            points.at("dropped");
        }
    }

    static final class Applies implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).apply(ChildArguments.sets(args[0]), SOMEBODY);
            points.at("applied");
        }
    }

    /** What was not needed for the drop. */
    static final class UsesTheRest implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(SOMEBODY);
            points.at("dropped");
            points.threw(Caps::requireDropped);
            points.threw(Caps::requireNoNamespaceCaps);
            points.threw(() -> Caps.thread(0));
            points.threw(() -> Caps.thisThread().raise(SetKind.PERMITTED, Capability.CAP_KILL));
            points.threw(() -> Capability.of("cap_kil"));
            points.say(Caps.identityOf("nobody"));
            points.say(Caps.thread().sets() + " " + Caps.thread().secureBits().orElseThrow());
            points.say(Caps.supported().contains(Capability.CAP_KILL));
        }
    }

    /** Step by step through the sets of a thread that leaves root by itself. */
    static final class ChangesSets implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            Syscalls.prctl(Syscalls.PR_SET_KEEPCAPS, 1);
            Syscalls.setresgid(NOBODY);
            Syscalls.setresuid(NOBODY);
            points.at("nobody");
            caps.set(SetKind.EFFECTIVE, CapabilitySet.of(Capability.CAP_SETPCAP, Capability.CAP_KILL));
            caps.set(SetKind.INHERITABLE, CapabilitySet.of(Capability.CAP_SETPCAP, Capability.CAP_KILL));
            caps.raise(SetKind.AMBIENT, Capability.CAP_KILL);
            caps.clear(SetKind.BOUNDING);
            points.at("changed");
            points.threw(() -> caps.raise(SetKind.BOUNDING, Capability.CAP_KILL));
            caps.clear(SetKind.PERMITTED);
            points.at("cleared");
        }
    }

    /** {@return a child whose modules nobody but root can read} */
    static ChildCommand unreadable(Class<? extends ChildScenario> scenario, String... args) {
        Path modules = Modules.forRootOnly();
        assertThat(nobodyCanRead(modules.resolve("classes").resolve("module-info.class"))).isFalse();
        assertThat(nobodyCanRead(Modules.readable().resolve("classes").resolve("module-info.class"))).isTrue();
        return ObservedChild.of(scenario, args).modules(modules);
    }

    private static boolean nobodyCanRead(Path file) {
        return Command.result("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "head", "-c", "1",
                file.toString()).status() == 0;
    }

    @Test
    void theStepsAndTheirVerificationWork() {
        try (ObservedChild child = unreadable(InSteps.class).start()) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("switched")).isEqualTo(nobody);
            assertThat(child.at("dropped")).isEqualTo(nobody.withNoNewPrivs());
            assertThat(child.at("again")).isEqualTo(nobody.withNoNewPrivs());
        }
    }

    @Test
    void dropsInOneCall() {
        try (ObservedChild child = unreadable(InOneCall.class).start()) {
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @Test
    void everythingThatIsLoggedIsLogged() {
        try (ObservedChild child = unreadable(InSteps.class).logging("DEBUG").start()) {
            child.at("bounded");
            child.at("switched");
            child.at("dropped");
            assertThat(child.at("again"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
            assertThat(child.errors().lines()).anyMatch(line -> line.contains("DroppedPhase[THREAD"))
                    .noneMatch(line -> line.contains("Exception") || line.contains("Error"));
        }
    }

    @Test
    @Privileged(also = CapMasks.SYS_ADMIN)
    void theRestWorksToo() {
        try (ObservedChild child = unreadable(UsesTheRest.class).start()) {
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
            for (String type : new String[] {"VerificationException", "VerificationException", "CapsException",
                "CapsException", "IllegalArgumentException"}) {
                assertThat(child.threw().type()).isEqualTo(type);
            }
            assertThat(child.said()).isEqualTo("uid 65534, gid 65534, groups [65534]");
            assertThat(child.said()).isEqualTo(
                    "bounding=none permitted=none effective=none inheritable=none ambient=none none");
            assertThat(child.said()).isEqualTo("true");
        }
    }

    @Test
    void applyWorks() {
        OutsideStatus asked = OutsideStatus.mine().withSets(CapMasks.KILL, CapMasks.KILL, 0, CapMasks.KILL, CapMasks.KILL);
        try (ObservedChild child = unreadable(Applies.class, asked.masks()).start()) {
            assertThat(child.at("applied")).isEqualTo(asked.as(NOBODY, NOBODY));
        }
    }

    @Test
    void singleSetsCanBeChanged() {
        try (ObservedChild child = unreadable(ChangesSets.class).start()) {
            OutsideStatus nobody = child.start().as(NOBODY, NOBODY, child.start().groups().toArray(Long[]::new));
            assertThat(child.at("nobody")).isEqualTo(nobody.withEffective(0));
            long both = CapMasks.SETPCAP | CapMasks.KILL;
            assertThat(child.at("changed"))
                    .isEqualTo(nobody.withSets(0, child.start().permitted(), both, both, CapMasks.KILL));
            assertThat(child.threw().type()).isEqualTo("CapsException");
            assertThat(child.at("cleared")).isEqualTo(nobody.withSets(0, 0, 0, both, 0));
        }
    }
}
