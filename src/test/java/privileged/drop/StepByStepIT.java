package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.util.function.UnaryOperator;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;

/** Each transition of {@link Phase}, one after the other, seen from outside after each. */
@Privileged
class StepByStepIT {

    private static final long KEPT = CapMasks.NET_RAW | CapMasks.SETUID;

    /** The example of the documentation, with the identity as an argument. */
    static final class ThreeSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(ChildArguments.identity(args[0]));
            points.at("switched");
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    /** The same, with something kept. */
    static final class ThreeStepsExcept implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD)
                    .dropBoundingSetExcept(CapabilitySet.ofMask(args[1]));
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(ChildArguments.identity(args[0]));
            points.at("switched");
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    /** Without a change of identity. */
    static final class TwoSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD)
                    .dropBoundingSetExcept(CapabilitySet.ofMask(args[0]));
            points.at("bounded");
            bounded.finalizeDrop();
            points.at("dropped");
        }
    }

    /** Without no_new_privs at the end. */
    static final class AllowingNewPrivileges implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD, options -> options.allowNewPrivileges());
            points.at("allowed");
            Phase.BoundingDropped bounded = initial.dropBoundingSet();
            Phase.IdentitySwitched switched = bounded.switchIdentity(ChildArguments.identity(args[0]));
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    @Test
    void dropsInThreeSteps() {
        try (ObservedChild child = ObservedChild.start(ThreeSteps.class, "65534:65534")) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            assertThat(child.at("switched")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY));
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @Test
    void inheritableAndAmbientGoWithBounding() {
        try (ObservedChild child = ObservedChild.of(ThreeSteps.class, "65534:65534").inheriting("kill,setuid", "kill").start()) {
            assertThat(child.start().inheritable()).isEqualTo(CapMasks.KILL | CapMasks.SETUID);
            assertThat(child.start().ambient()).isEqualTo(CapMasks.KILL);
            assertThat(child.at("bounded"))
                    .isEqualTo(child.start().withBounding(0).withInheritable(0).withAmbient(0));
            assertThat(child.at("switched")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY));
            child.at("dropped");
        }
    }

    @Test
    void setsExactlyTheAskedGroups() {
        try (ObservedChild child =
                ObservedChild.of(ThreeSteps.class, "1000:1001:24:4:1002:4").through("setpriv", "--groups", "0,4,27")
                        .start()) {
            assertThat(child.start().groups()).containsExactly(0L, 4L, 27L);
            child.at("bounded");
            OutsideStatus somebody = child.start().holdingOnly(0).as(1000, 1001, 4L, 24L, 1002L);
            assertThat(child.at("switched")).isEqualTo(somebody);
            assertThat(child.at("dropped")).isEqualTo(somebody.withNoNewPrivs());
        }
    }

    @Test
    void withoutGroupsNoneIsLeft() {
        try (ObservedChild child =
                ObservedChild.of(ThreeSteps.class, "1000:1000").through("setpriv", "--groups", "0,4,27").start()) {
            child.at("bounded");
            assertThat(child.at("switched").groups()).isEmpty();
            child.at("dropped");
        }
    }

    @Test
    void keepsCapabilitiesAfterEachStep() {
        endsWithTheKept("65534:65534", status -> status.as(NOBODY, NOBODY));
    }

    @Test
    void keepsNothingElseForRoot() {
        endsWithTheKept("0:65534", status -> status.as(0, NOBODY));
    }

    private static void endsWithTheKept(String ids, UnaryOperator<OutsideStatus> somebody) {
        try (ObservedChild child = ObservedChild.start(ThreeStepsExcept.class, ids, CapMasks.hex(KEPT))) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(KEPT));
            OutsideStatus kept = somebody.apply(child.start().holdingOnly(KEPT));
            assertThat(child.at("switched")).isEqualTo(kept);
            assertThat(child.at("dropped")).isEqualTo(kept.withNoNewPrivs());
        }
    }

    @Test
    void theIdentityNeedNotBeSwitched() {
        try (ObservedChild child = ObservedChild.start(TwoSteps.class, CapMasks.hex(0))) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).withNoNewPrivs());
        }
    }

    @Test
    void somethingCanBeKeptWithoutASwitch() {
        try (ObservedChild child = ObservedChild.start(TwoSteps.class, CapMasks.hex(KEPT))) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(KEPT));
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(KEPT).withNoNewPrivs());
        }
    }

    @Test
    void leavesNoNewPrivsWhenNewPrivilegesAreAllowed() {
        try (ObservedChild child = ObservedChild.start(AllowingNewPrivileges.class, "65534:65534")) {
            assertThat(child.at("allowed")).isEqualTo(child.start());
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY));
        }
    }
}
