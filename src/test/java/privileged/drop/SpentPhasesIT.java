package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Thrown;

/** A phase is used once; the equal step again only reads. */
@Privileged
@SameInContainers
class SpentPhasesIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    static final class EqualSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial allowing = Caps.begin(Scope.THREAD, options -> options.allowNewPrivileges());
            Phase.BoundingDropped bounded = allowing.dropBoundingSet();
            points.say(allowing.dropBoundingSet() == bounded
                    && allowing.dropBoundingSetExcept(CapabilitySet.NONE) == bounded);
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(SOMEBODY);
            points.say(bounded.switchIdentity(Identity.of(NOBODY, NOBODY)) == switched);
            points.at("switched");
            Phase.Dropped dropped = switched.finalizeDrop();
            points.say(switched.finalizeDrop() == dropped && bounded.switchIdentity(SOMEBODY) == switched
                    && allowing.dropBoundingSet() == bounded);
            points.at("dropped");
        }
    }

    static final class OtherSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Phase.BoundingDropped bounded = initial.dropBoundingSet();
            points.at("bounded");
            points.threw(initial::dropAll);
            points.threw(initial::lockUnprivileged);
            points.threw(() -> initial.dropBoundingSetExcept(CapabilitySet.of(Capability.CAP_KILL)));
            Phase.IdentitySwitched switched = bounded.switchIdentity(SOMEBODY);
            points.at("switched");
            points.threw(bounded::finalizeDrop);
            points.threw(() -> bounded.switchIdentity(Identity.of(1000, 1000)));
            points.at("still");
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    /** Lowers a set behind the phase's back. */
    static final class Drift implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            CapabilitySet keep = CapabilitySet.of(Capability.CAP_KILL, Capability.CAP_SETUID);
            initial.dropExcept(keep);
            points.at("dropped");
            Caps.thisThread().lower(SetKind.EFFECTIVE, Capability.CAP_KILL);
            points.at("drifted");
            points.threw(() -> initial.dropExcept(keep));
            points.at("unchanged");
        }
    }

    @Test
    void repeatedStepGivesTheSamePhase() {
        try (ObservedChild child = ObservedChild.start(EqualSteps.class)) {
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            assertThat(child.said()).isEqualTo("true");
            OutsideStatus end = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("switched")).isEqualTo(end);
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.at("dropped")).isEqualTo(end);
        }
    }

    @Test
    void refusesAnotherStepFromASpentPhase() {
        try (ObservedChild child = ObservedChild.start(OtherSteps.class)) {
            child.at("bounded");
            refused(child, "drop: this phase was already left by dropBoundingSet(); use the phase that it returned");
            refused(child, "lockUnprivileged: this phase was already left by dropBoundingSet(); use the phase that it returned");
            refused(child, "dropBoundingSetExcept: this phase was already left by dropBoundingSet(); use the phase that it"
                    + " returned");
            OutsideStatus switched = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("switched")).isEqualTo(switched);
            refused(child, "finalizeDrop: this phase was already left by switchIdentity(); use the phase that it returned");
            refused(child, "switchIdentity: this phase was already left by switchIdentity(); use the phase that it returned");
            assertThat(child.at("still")).isEqualTo(switched);
            assertThat(child.at("dropped")).isEqualTo(switched.withNoNewPrivs());
        }
    }

    private static void refused(ObservedChild child, String message) {
        assertThat(child.threw()).extracting(Thrown::type, Thrown::message)
                .containsExactly("IllegalStateException", message);
    }

    @Test
    void repeatedStepReadsTheStateAgain() {
        try (ObservedChild child = ObservedChild.start(Drift.class)) {
            OutsideStatus kept = child.start().holdingOnly(CapMasks.KILL | CapMasks.SETUID).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(kept);
            OutsideStatus drifted = kept.withEffective(CapMasks.SETUID);
            assertThat(child.at("drifted")).isEqualTo(drifted);
            Thrown thrown = child.threw();
            assertThat(thrown.type()).isEqualTo("VerificationException");
            assertThat(thrown.message()).contains("effective: expected cap_kill,cap_setuid, observed cap_setuid");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("unchanged")).isEqualTo(drifted);
        }
    }
}
