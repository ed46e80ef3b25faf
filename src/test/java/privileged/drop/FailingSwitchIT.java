package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;

/** A call fails while {@code switchIdentity} changes the ids: a seccomp filter refuses it. */
@Privileged(also = CapMasks.FOR_FILTERS)
class FailingSwitchIT {

    private static Phase.BoundingDropped switchInVain(Checkpoints points, String... refused) {
        Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSetExcept(FailingCallsIT.KEEP);
        FailingCallsIT.refuse(refused);
        points.at("bounded");
        points.threw(() -> bounded.switchIdentity(FailingCallsIT.SOMEBODY));
        points.at("failed");
        return bounded;
    }

    /** Tries to switch the identity twice, then becomes somebody else by itself. */
    static final class Switches implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = switchInVain(points, args);
            points.threw(() -> bounded.switchIdentity(FailingCallsIT.SOMEBODY));
            points.at("failed again");
            points.threw(bounded::finalizeDrop);
            points.at("other step");
            points.leaveRoot();
        }
    }

    /** The same where nothing was changed: another step can be taken. */
    static final class SwitchesInVain implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = switchInVain(points, args);
            bounded.finalizeDrop();
            points.at("dropped");
            points.leaveRoot();
        }
    }

    @Test
    void setresuidFailsAfterTheGroupsAreChanged() {
        switchFails("1 SETRESUID 65533", "setresuid(65533, 65533, 65533)", ANYBODY);
    }

    @Test
    void setresgidFailsAfterTheGroupsAreChanged() {
        switchFails("1 SETRESGID", "setresgid(65533, 65533, 65533)", 0);
    }

    private static void switchFails(String refused, String syscall, long gid) {
        try (ObservedChild child = ObservedChild.of(Switches.class, refused).through("setpriv", "--groups", "0,27").start()) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(FailingCallsIT.KEPT));
            OutsideStatus halfway = child.start().withBounding(FailingCallsIT.KEPT).withGroups(4L).withGid(gid);
            FailingCallsIT.failed(child, syscall, "EPERM", FailingCallsIT.FILTERED, true);
            assertThat(child.at("failed")).isEqualTo(halfway);
            FailingCallsIT.failed(child, syscall, "EPERM", FailingCallsIT.FILTERED, false);
            assertThat(child.at("failed again")).isEqualTo(halfway);
            assertThat(child.threw().message()).isEqualTo(
                    "finalizeDrop: switchIdentity() failed halfway; only the same step can be tried again");
            assertThat(child.at("other step")).isEqualTo(halfway);
            assertThat(child.at("away")).isEqualTo(halfway.awayFromRoot());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 SETGROUPS", "38 SETGROUPS", "1 PRCTL 8 1"})
    void keepsThePhaseWhenTheFirstCallFails(String refused) {
        try (ObservedChild child =
                ObservedChild.of(SwitchesInVain.class, refused).through("setpriv", "--groups", "0,27").start()) {
            OutsideStatus bounded = child.start().withBounding(FailingCallsIT.KEPT);
            assertThat(child.at("bounded")).isEqualTo(bounded);
            FailingCallsIT.failed(child, refused.contains("PRCTL") ? "prctl(PR_SET_KEEPCAPS, 1)" : "setgroups([4])",
                    refused.startsWith("38") ? "ENOSYS" : "EPERM", FailingCallsIT.FILTERED, false);
            assertThat(child.at("failed")).isEqualTo(bounded);
            OutsideStatus dropped = child.start().holdingOnly(FailingCallsIT.KEPT).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(dropped);
            assertThat(child.at("away")).isEqualTo(dropped.awayFromRoot());
        }
    }
}
