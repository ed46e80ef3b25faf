package privileged;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.Bits.NOBODY;

import java.io.IOException;
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
import org.junit.jupiter.api.io.TempDir;

/** After the drop the thread cannot read the classes of the library any more, nor the jar of the logger. */
@Privileged
class UnreadableClassesIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    static final class InSteps implements Scenario {
        @Override
        public void run(Points points, String... args) {
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

    static final class InOneCall implements Scenario {
        @Override
        public void run(Points points, String... args) {
            Caps.begin(Scope.THREAD).drop(SOMEBODY);
            points.at("dropped");
        }
    }

    static final class Applies implements Scenario {
        @Override
        public void run(Points points, String... args) {
            Caps.begin(Scope.THREAD).apply(Args.sets(args[0]), SOMEBODY);
            points.at("applied");
        }
    }

    /** What was not needed for the drop. */
    static final class UsesTheRest implements Scenario {
        @Override
        public void run(Points points, String... args) {
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

    /** Fails after the identity has been switched, or answers as if it had not failed. */
    static final class Fails implements Scenario.WithSyscalls {
        @Override
        public void run(Points points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Raw.refuse(Integer.parseInt(args[0]), Raw.Call.PRCTL, Raw.PR_SET_NO_NEW_PRIVS);
            points.threw(() -> initial.dropExcept(CapabilitySet.of(Capability.CAP_KILL), SOMEBODY));
            points.at("failed");
            points.threw(() -> initial.apply(Args.sets("0/0/0/0/0")));
            points.at("still");
        }
    }

    static final class CannotReadBack implements Scenario {
        @Override
        public void run(Points points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.threw(() -> bounded.switchIdentity(SOMEBODY));
            points.at("unread");
        }
    }

    /** Step by step through the sets of a thread that leaves root by itself. */
    static final class ChangesSets implements Scenario.WithSyscalls {
        @Override
        public void run(Points points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            Raw.prctl(Raw.PR_SET_KEEPCAPS, 1);
            Raw.setresgid(NOBODY);
            Raw.setresuid(NOBODY);
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

    private static Launch unreadable(Class<? extends Scenario> scenario, String... args) {
        Path modules = Modules.forRootOnly();
        assertThat(nobodyCanRead(modules.resolve("classes").resolve("module-info.class"))).isFalse();
        assertThat(nobodyCanRead(modules.resolve("lib").resolve("log4j-api.jar"))).isFalse();
        assertThat(nobodyCanRead(Modules.readable().resolve("classes").resolve("module-info.class"))).isTrue();
        return Held.of(scenario, args).modules(modules);
    }

    private static boolean nobodyCanRead(Path file) {
        try {
            return new ProcessBuilder("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                    "head", "-c", "1", file.toString()).start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theStepsAndTheirVerificationWork() {
        try (Held child = unreadable(InSteps.class).start()) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("switched")).isEqualTo(nobody);
            assertThat(child.at("dropped")).isEqualTo(nobody.withNoNewPrivs());
            assertThat(child.at("again")).isEqualTo(nobody.withNoNewPrivs());
        }
    }

    @Test
    void oneCallWorks() {
        try (Held child = unreadable(InOneCall.class).start()) {
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @Test
    void everythingThatIsLoggedIsLogged() {
        try (Held child = unreadable(InSteps.class).logging("DEBUG").start()) {
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
    @Privileged(also = Bits.SYS_ADMIN)
    void theRestWorksToo() {
        try (Held child = unreadable(UsesTheRest.class).start()) {
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
        OutsideStatus asked = OutsideStatus.mine().withSets(Bits.KILL, Bits.KILL, 0, Bits.KILL, Bits.KILL);
        try (Held child = unreadable(Applies.class, asked.masks()).start()) {
            assertThat(child.at("applied")).isEqualTo(asked.as(NOBODY, NOBODY));
        }
    }

    @Test
    @Privileged(also = Bits.FOR_FILTERS)
    void aCallThatFailsIsReported() {
        Thrown thrown = failing(Raw.EPERM);
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.syscall()).isEqualTo("prctl(PR_SET_NO_NEW_PRIVS, 1)");
        assertThat(thrown.changed()).isTrue();
    }

    @Test
    @Privileged(also = Bits.FOR_FILTERS)
    void aVerificationThatFailsIsReported() {
        Thrown thrown = failing(Raw.IGNORED);
        assertThat(thrown.type()).isEqualTo("VerificationException");
        assertThat(thrown.message()).contains("no_new_privs: expected true, observed false");
        assertThat(thrown.changed()).isTrue();
    }

    private static Thrown failing(int errno) {
        try (Held child = unreadable(Fails.class, Integer.toString(errno)).start()) {
            Thrown thrown = child.threw();
            OutsideStatus switched = child.start().holdingOnly(Bits.KILL).as(NOBODY, NOBODY);
            assertThat(child.at("failed")).isEqualTo(switched);
            assertThat(child.threw().type()).isEqualTo("IllegalStateException");
            assertThat(child.at("still")).isEqualTo(switched);
            return thrown;
        }
    }

    @Test
    @Privileged(also = Bits.FOR_STRACE)
    void aStateThatCannotBeReadBackIsReported(@TempDir Path directory) {
        try (Held child = unreadable(CannotReadBack.class)
                .traced(directory.resolve("trace"), InjectedFailuresIT.lastOfSwitch(directory)).start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("unread")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY));
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.changed()).isTrue();
        }
    }

    @Test
    void singleSetsCanBeChanged() {
        try (Held child = unreadable(ChangesSets.class).start()) {
            OutsideStatus nobody = child.start().as(NOBODY, NOBODY, child.start().groups().toArray(Long[]::new));
            assertThat(child.at("nobody")).isEqualTo(nobody.withEffective(0));
            long both = Bits.SETPCAP | Bits.KILL;
            assertThat(child.at("changed"))
                    .isEqualTo(nobody.withSets(0, child.start().permitted(), both, both, Bits.KILL));
            assertThat(child.threw().type()).isEqualTo("CapsException");
            assertThat(child.at("cleared")).isEqualTo(nobody.withSets(0, 0, 0, both, 0));
        }
    }
}
