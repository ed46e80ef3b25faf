package nucleus.caps;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_KILL;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.session.OwnerThread;

/** Every step from Phase.Initial, with arguments that differ from the other steps'. */
enum InitialStep {

    DROP_BOUNDING_SET("dropBoundingSet", Phase.Initial::dropBoundingSet),
    DROP_BOUNDING_SET_EXCEPT("dropBoundingSetExcept", initial -> initial.dropBoundingSetExcept(InitialStep.keep())),
    DROP_ALL("drop", Phase.Initial::dropAll),
    DROP("drop", initial -> initial.drop(InitialStep.identity())),
    DROP_EXCEPT("drop", initial -> initial.dropExcept(InitialStep.keep())),
    DROP_EXCEPT_AS("drop", initial -> initial.dropExcept(InitialStep.keep(), InitialStep.identity())),
    LOCK_UNPRIVILEGED_AS("lockUnprivileged", initial -> initial.lockUnprivileged(InitialStep.identity())),
    APPLY("apply", initial -> initial.apply(InitialStep.sets())),
    APPLY_AS("apply", initial -> initial.apply(InitialStep.sets(), InitialStep.identity())),
    APPLY_IAB("apply", initial -> initial.apply(Iab.parse("!cap_chown,^cap_kill"))),
    ENTER("enter", initial -> initial.enter(Mode.PURE1E));

    private final String said;
    private final Function<Phase.Initial, Phase> step;

    InitialStep(String said, Function<Phase.Initial, Phase> step) {
        this.said = said;
        this.step = step;
    }

    /** What a message calls the step. */
    String said() {
        return said;
    }

    Phase from(Phase.Initial initial) {
        return step.apply(initial);
    }

    Stream<InitialStep> others() {
        return Arrays.stream(values()).filter(other -> other != this);
    }

    static Phase.Initial begin(FakeKernel kernel) {
        return begin(kernel, options -> options);
    }

    static Phase.Initial begin(FakeKernel kernel, UnaryOperator<Options> options) {
        return Phases.begin(kernel, Scope.THREAD, OwnerThread.NONE, options.apply(Options.DEFAULT));
    }

    // New objects each time: steps are equal by what they ask for.

    static CapabilitySet keep() {
        return CapabilitySet.of(CAP_NET_BIND_SERVICE);
    }

    static Identity identity() {
        return Identity.of(1000, 1001, 1002, 1003);
    }

    static CapabilitySets sets() {
        return new CapabilitySets(CapabilitySet.of(CAP_CHOWN, CAP_KILL, CAP_NET_BIND_SERVICE),
                CapabilitySet.of(CAP_CHOWN, CAP_NET_BIND_SERVICE), CapabilitySet.of(CAP_CHOWN),
                CapabilitySet.of(CAP_NET_BIND_SERVICE, CAP_KILL), CapabilitySet.of(CAP_NET_BIND_SERVICE));
    }
}
