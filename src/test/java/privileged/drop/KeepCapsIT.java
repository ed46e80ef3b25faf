package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import nucleus.caps.Capability;
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
import privileged.harness.SeccompFilter;
import privileged.harness.Smoke;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/**
 * KEEPCAPS cannot be read from outside. That it is off is seen by what the kernel does: the next change of the uid
 * from 0 to another clears permitted.
 */
@Privileged
@Smoke
class KeepCapsIT {

    private static final long KEPT = CapMasks.SETUID | CapMasks.KILL;
    private static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_SETUID, Capability.CAP_KILL);

    /** Becomes root again with the CAP_SETUID that was kept, and then somebody else. */
    static void beRootOnceMore(Checkpoints points) {
        Syscalls.setresuid(0);
        points.at("root again");
        points.leaveRoot();
    }

    /** The first argument says how, the second whether KEEPCAPS is on before. */
    static final class Keeps implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            if (Boolean.parseBoolean(args[1])) {
                Syscalls.prctl(Syscalls.PR_SET_KEEPCAPS, 1);
            }
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            switch (args[0]) {
                case "drop" -> initial.dropExcept(KEEP, ChildArguments.identity("65534:65534"));
                case "steps" -> initial.dropBoundingSetExcept(KEEP).switchIdentity(ChildArguments.identity("65534:65534"));
                case "apply" -> initial.apply(ChildArguments.sets(args[2]), ChildArguments.identity("65534:65534"));
                default -> throw new IllegalArgumentException(args[0]);
            }
            points.at("kept");
            beRootOnceMore(points);
        }
    }

    /** KEEPCAPS is on before, and no change of the uid is asked for. */
    static final class KeepsAsRoot implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.prctl(Syscalls.PR_SET_KEEPCAPS, 1);
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            if (args.length == 0) {
                initial.dropExcept(KEEP);
            } else {
                initial.apply(ChildArguments.sets(args[0]));
            }
            points.at("kept");
            points.leaveRoot();
        }
    }

    /** KEEPCAPS is on before, and the first call of the switch fails. */
    static final class KeepsInVain implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.prctl(Syscalls.PR_SET_KEEPCAPS, 1);
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSetExcept(KEEP);
            SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.SETGROUPS);
            points.at("bounded");
            points.threw(() -> bounded.switchIdentity(ChildArguments.identity("65534:65534:4")));
            points.at("failed");
            points.leaveRoot();
        }
    }

    /** KEEPCAPS is on before, and nothing is kept. */
    static final class KeepsNothing implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.prctl(Syscalls.PR_SET_KEEPCAPS, 1);
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(ChildArguments.identity("65534:65534"));
            points.at("switched");
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    @Test
    void isOffAfterAWholeDrop() {
        isOffAfter("drop", false);
        isOffAfter("drop", true);
    }

    @Test
    void isOffAfterTheSwitchOfTheIdentity() {
        isOffAfter("steps", false);
        isOffAfter("steps", true);
    }

    private static void isOffAfter(String how, boolean onBefore) {
        try (ObservedChild child = ObservedChild.start(Keeps.class, how, Boolean.toString(onBefore))) {
            OutsideStatus kept = child.start().holdingOnly(KEPT);
            OutsideStatus end = how.equals("drop") ? kept.withNoNewPrivs() : kept;
            assertThat(child.at("kept")).isEqualTo(end.as(NOBODY, NOBODY));
            assertThat(child.at("root again")).isEqualTo(end.as(0, NOBODY));
            assertThat(child.at("away")).isEqualTo(end.as(0, NOBODY).awayFromRoot());
        }
    }

    @Test
    void isOffAfterApply() {
        String masks = OutsideStatus.mine().withSets(KEPT, KEPT, KEPT, KEPT, KEPT).masks();
        for (String onBefore : new String[] {"false", "true"}) {
            try (ObservedChild child = ObservedChild.start(Keeps.class, "apply", onBefore, masks)) {
                OutsideStatus kept = child.start().withSets(KEPT, KEPT, KEPT, KEPT, KEPT);
                assertThat(child.at("kept")).isEqualTo(kept.as(NOBODY, NOBODY));
                assertThat(child.at("root again")).isEqualTo(kept.as(0, NOBODY));
                assertThat(child.at("away")).isEqualTo(kept.withSets(KEPT, 0, 0, KEPT, 0).as(1000, NOBODY));
            }
        }
    }

    @Test
    void isOffWhereItWasOnAndTheUidStays() {
        try (ObservedChild child = ObservedChild.start(KeepsAsRoot.class)) {
            OutsideStatus kept = child.start().holdingOnly(KEPT).withNoNewPrivs();
            assertThat(child.at("kept")).isEqualTo(kept);
            assertThat(child.at("away")).isEqualTo(kept.awayFromRoot());
        }
        String masks = OutsideStatus.mine().withSets(KEPT, KEPT, KEPT, 0, 0).masks();
        try (ObservedChild child = ObservedChild.start(KeepsAsRoot.class, masks)) {
            assertThat(child.at("kept")).isEqualTo(child.start().holdingOnly(KEPT));
            assertThat(child.at("away")).isEqualTo(child.start().withSets(KEPT, 0, 0, 0, 0).withUid(1000));
        }
    }

    /** It was on before, nothing was changed, and so it is on still: the message says so. */
    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void goesOffIfItWasOnBeforeAStepThatFails() {
        try (ObservedChild child = ObservedChild.start(KeepsInVain.class)) {
            OutsideStatus bounded = child.start().withBounding(KEPT);
            assertThat(child.at("bounded")).isEqualTo(bounded);
            Thrown thrown = child.threw();
            assertThat(child.at("failed")).isEqualTo(bounded);
            assertThat(thrown.syscall()).isEqualTo("setgroups([4])");
            assertThat(thrown.message()).doesNotContain("KEEPCAPS");
            assertThat(thrown.changed()).as("KEEPCAPS is off").isTrue();
            assertThat(child.at("away")).isEqualTo(bounded.awayFromRoot());
        }
    }

    @Test
    void keepsNothingWhereItWasOnAndNothingIsKept() {
        try (ObservedChild child = ObservedChild.start(KeepsNothing.class)) {
            assertThat(child.at("bounded")).isEqualTo(child.start().withBounding(0));
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY);
            assertThat(child.at("switched")).isEqualTo(nobody);
            assertThat(child.at("dropped")).isEqualTo(nobody.withNoNewPrivs());
        }
    }
}
