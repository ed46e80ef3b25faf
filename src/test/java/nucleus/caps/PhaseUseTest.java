package nucleus.caps;

import static nucleus.caps.InitialStep.begin;
import static nucleus.caps.InitialStep.identity;
import static nucleus.caps.InitialStep.keep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A phase is used once; a step that failed leaves it as the failure says. */
class PhaseUseTest {

    private final FakeKernel kernel = FakeKernel.root();
    private final Phase.Initial initial = begin(kernel);

    @ParameterizedTest
    @EnumSource
    void theEqualStepAgainOnlyReadsAndGivesTheSamePhase(InitialStep step) {
        Phase next = step.from(initial);
        List<String> calls = kernel.trace();

        assertThat(step.from(initial)).isSameAs(next);
        assertThat(kernel.trace()).isEqualTo(calls);

        kernel.blind();
        assertThat(catchThrowableOfType(CapsException.class, () -> step.from(initial)))
                .hasMessageContaining("cannot be read");
    }

    @ParameterizedTest
    @EnumSource
    void refusesAnotherStepFromASpentPhase(InitialStep step) {
        Phase next = step.from(initial);
        List<String> calls = kernel.trace();

        assertThat(step.others()).allSatisfy(other -> refusedAsSpent(other, step));
        assertThat(kernel.trace()).isEqualTo(calls);
        assertThat(step.from(initial)).isSameAs(next);
    }

    private void refusedAsSpent(InitialStep other, InitialStep step) {
        assertThatIllegalStateException().isThrownBy(() -> other.from(initial))
                .withMessage(other.said() + ": this phase was already left by " + step.said() + "(); use the phase that it"
                        + " returned");
    }

    @Test
    void laterPhasesAreUsedOnceToo() {
        Phase.BoundingDropped bounded = initial.dropBoundingSet();
        Phase.IdentitySwitched switched = bounded.switchIdentity(identity());
        assertThatIllegalStateException().isThrownBy(bounded::finalizeDrop)
                .withMessage("finalizeDrop: this phase was already left by switchIdentity(); use the phase that it returned");
        assertThatIllegalStateException().isThrownBy(() -> bounded.switchIdentity(Identity.of(1000, 1001)));

        Phase.Dropped dropped = switched.finalizeDrop();
        assertThat(switched.finalizeDrop()).isSameAs(dropped);
        assertThat(bounded.switchIdentity(Identity.of(1000, 1001, 1003, 1002))).isSameAs(switched);
        assertThat(initial.dropBoundingSet()).isSameAs(bounded);
    }

    @ParameterizedTest
    @EnumSource
    void refusedStepLeavesThePhaseAsItWas(InitialStep next) {
        kernel.refuse(call -> true);
        CapsException refused = catchThrowableOfType(CapsException.class, initial::dropAll);
        kernel.refuse(call -> false);

        assertThat(refused.changed()).isFalse();
        assertThat(kernel.status()).isEqualTo(initial.observed().getFirst());
        assertThat(next.from(initial)).isNotNull();
    }

    static Stream<Named<Consumer<Phase.Initial>>> wishesBeyondWhatIsHeld() {
        CapabilitySet more = CapabilitySet.of(Capability.CAP_SYS_RESOURCE);
        CapabilitySets five = new CapabilitySets(more, more, more, more, more);
        return Stream.of(
                Named.of("dropBoundingSetExcept", i -> i.dropBoundingSetExcept(more)),
                Named.of("dropExcept", i -> i.dropExcept(more)),
                Named.of("dropExcept as", i -> i.dropExcept(more, identity())),
                Named.of("apply", i -> i.apply(five)),
                Named.of("apply as", i -> i.apply(five, identity())));
    }

    @ParameterizedTest
    @MethodSource("wishesBeyondWhatIsHeld")
    void impossibleWishLeavesThePhaseAsItWas(Consumer<Phase.Initial> wish) {
        CapsException refused = catchThrowableOfType(CapsException.class, () -> wish.accept(initial));

        assertThat(refused).hasMessageContaining("EPERM").hasMessageEndingWith("which lacks cap_sys_resource");
        assertThat(refused.changed()).isFalse();
        assertThat(kernel.trace()).isEmpty();
        assertThat(initial.drop(identity()).identity()).isEqualTo(identity());
    }

    static Stream<Named<Consumer<Phase.Initial>>> missingArguments() {
        return Stream.of(
                Named.of("dropBoundingSetExcept(null)", i -> i.dropBoundingSetExcept(null)),
                Named.of("dropExcept(null)", i -> i.dropExcept(null)),
                Named.of("dropExcept(null, identity)", i -> i.dropExcept(null, identity())),
                Named.of("dropExcept(keep, null)", i -> i.dropExcept(keep(), null)),
                Named.of("drop(null)", i -> i.drop(null)),
                Named.of("apply(null)", i -> i.apply((CapabilitySets) null)),
                Named.of("apply(no iab)", i -> i.apply((Iab) null)),
                Named.of("enter(null)", i -> i.enter(null)),
                Named.of("apply(null, identity)", i -> i.apply(null, identity())),
                Named.of("apply(sets, null)", i -> i.apply(CapabilitySets.NONE, null)));
    }

    @ParameterizedTest
    @MethodSource("missingArguments")
    void missingArgumentLeavesThePhaseAsItWas(Consumer<Phase.Initial> mistake) {
        assertThatNullPointerException().isThrownBy(() -> mistake.accept(initial));

        assertThat(kernel.trace()).isEmpty();
        assertThat(initial.dropAll().sets()).isEqualTo(CapabilitySets.NONE);
    }

    @Test
    void aMissingIdentityLeavesTheLaterPhaseAsItWas() {
        Phase.BoundingDropped bounded = initial.dropBoundingSet();
        assertThatNullPointerException().isThrownBy(() -> bounded.switchIdentity(null));

        assertThat(bounded.switchIdentity(identity()).finalizeDrop().identity()).isEqualTo(identity());
    }

    @Test
    void aModeIsItsOwnSecurebitsAndUncertainIsNone() {
        assertThatIllegalStateException()
                .isThrownBy(() -> begin(kernel, options -> options.withSecureBits(SecureBits.NONE)).enter(Mode.PURE1E))
                .withMessage("enter: remove the option withSecureBits(); a mode has its own securebits");
        assertThatIllegalArgumentException().isThrownBy(() -> initial.enter(Mode.UNCERTAIN))
                .withMessage("the mode UNCERTAIN cannot be entered; it means that the state matches no mode");
        assertThat(Mode.of(initial.enter(Mode.PURE1E).observed().getFirst())).isEqualTo(Mode.PURE1E_INIT);
    }

    @Test
    void locksAnUnprivilegedUser() {
        CapabilitySets some = CapabilitySets.NONE.with(SetKind.BOUNDING, CapabilitySet.ALL)
                .with(SetKind.PERMITTED, keep()).with(SetKind.INHERITABLE, keep()).with(SetKind.AMBIENT, keep());
        FakeKernel user = FakeKernel.of(new ThreadStatus(1, "fake", new Credentials(some, Ids.all(7), Ids.all(7), List.of(),
                false, Optional.of(SecureBits.NONE))));
        Phase.Initial unprivileged = begin(user);
        Phase.Dropped locked = unprivileged.lockUnprivileged();

        assertThat(locked.sets()).isEqualTo(CapabilitySets.NONE.with(SetKind.BOUNDING, CapabilitySet.ALL));
        assertThat(locked.noNewPrivs()).isTrue();
        assertThat(unprivileged.lockUnprivileged()).isSameAs(locked);
        assertThatIllegalStateException().isThrownBy(unprivileged::dropAll);
        assertThatIllegalStateException()
                .isThrownBy(() -> begin(user, options -> options.allowNewPrivileges()).lockUnprivileged())
                .withMessageStartingWith("lockUnprivileged: remove the option allowNewPrivileges()");
    }

    @Test
    void locksAsAnotherUser() {
        CapabilitySet switching = CapabilitySet.of(Capability.CAP_SETGID, Capability.CAP_SETUID);
        FakeKernel container = FakeKernel.of(new ThreadStatus(1, "fake", new Credentials(new CapabilitySets(switching,
                switching, switching, keep(), CapabilitySet.NONE), Ids.all(0), Ids.all(0), List.of(0L), false,
                Optional.of(SecureBits.NONE))));
        Phase.Initial root = begin(container);
        Phase.Dropped locked = root.lockUnprivileged(identity());

        assertThat(locked.sets()).isEqualTo(CapabilitySets.NONE.with(SetKind.BOUNDING, switching));
        assertThat(locked.identity()).isEqualTo(identity());
        assertThat(locked.noNewPrivs()).isTrue();
        assertThat(root.lockUnprivileged(identity())).isSameAs(locked);
        assertThatIllegalStateException().isThrownBy(() -> root.lockUnprivileged(Identity.of(7, 7)));
        assertThatIllegalStateException().isThrownBy(root::lockUnprivileged);

        Phase.Initial allowing = begin(FakeKernel.root(), options -> options.allowNewPrivileges());
        assertThatIllegalStateException().isThrownBy(() -> allowing.lockUnprivileged(identity()))
                .withMessageStartingWith("lockUnprivileged: remove the option allowNewPrivileges()");
    }
}
