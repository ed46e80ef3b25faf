package nucleus.caps;

import static nucleus.caps.InitialStep.begin;
import static nucleus.caps.InitialStep.identity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.stream.IntStream;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A step that failed halfway: only the equal step may follow, and it finishes what was begun. */
class PhaseHalfwayTest {

    private final FakeKernel kernel = FakeKernel.root();
    private final Phase.Initial initial = begin(kernel);

    @ParameterizedTest
    @EnumSource
    void whereverAStepFailedTheEqualStepFinishesIt(InitialStep step) {
        step.from(initial);
        int calls = kernel.trace().size();

        assertThat(IntStream.range(0, calls)).isNotEmpty().allSatisfy(call -> failsAndIsFinished(step, call));
    }

    private void failsAndIsFinished(InitialStep step, int call) {
        FakeKernel faulty = FakeKernel.root().refuseAt(call);
        Phase.Initial start = begin(faulty);
        ThreadStatus before = faulty.status();
        CapsException failure = catchThrowableOfType(CapsException.class, () -> step.from(start));

        if (failure == null) { // it is made twice
            assertThat(faulty.trace().get(call)).isEqualTo("prctl(PR_SET_KEEPCAPS, 0)");
            return;
        }
        assertThat(failure.changed()).isEqualTo(!faulty.status().equals(before));
        if (failure.changed()) {
            assertThat(failure).hasMessageEndingWith("(part of the change is already made)");
            assertThat(step.others()).allSatisfy(other -> assertThatIllegalStateException().isThrownBy(() -> other.from(start)));
        }
        Phase next = step.from(start);
        assertThat(faulty.status()).isEqualTo(kernel.status());
        assertThat(next.observed()).containsExactly(kernel.status());
        assertThat(step.from(start)).isSameAs(next);
    }

    /** The step raises CAP_SETPCAP first. The state that it asks for has it lowered again. */
    @Test
    void theEqualStepEndsWhereTheFirstWouldHaveEnded() {
        ThreadStatus lowered = kernel.status().with(kernel.status().credentials().with(SetKind.EFFECTIVE, CapabilitySet.NONE));
        kernel.drift(lowered);
        kernel.refuse(call -> call.startsWith("prctl(PR_CAPBSET_DROP"));
        CapsException failure = catchThrowableOfType(CapsException.class, initial::dropBoundingSet);
        assertThat(failure.changed()).isTrue();
        assertThat(kernel.status().sets().effective()).isEqualTo(CapabilitySet.of(Capability.CAP_SETPCAP));

        kernel.refuse(call -> false);
        assertThat(initial.dropBoundingSet().observed()).containsExactly(kernel.status());
        assertThat(kernel.status().sets().effective()).isEqualTo(CapabilitySet.NONE);
        assertThat(kernel.status().sets().permitted()).isEqualTo(lowered.sets().permitted());
    }

    @Test
    void failedStepFailsAgainAndNoOtherFollows() {
        kernel.refuse(call -> call.startsWith("setresuid"));
        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(CapsException.class).isThrownBy(() -> initial.drop(identity()))
                    .withMessageStartingWith("setresuid(1000, 1000, 1000): EPERM: ");
            assertThatIllegalStateException().isThrownBy(initial::dropAll);
            assertThatIllegalStateException().isThrownBy(() -> initial.drop(Identity.of(1000, 1000)));
        }
        kernel.refuse(call -> false);
        assertThat(initial.drop(identity()).identity()).isEqualTo(identity());
    }

    @Test
    void aKernelThatLiesLeavesThePhaseHalfway() {
        kernel.ignore(call -> call.startsWith("setresuid"));
        VerificationException lie =
                catchThrowableOfType(VerificationException.class, () -> initial.drop(identity()));
        assertThat(lie.changed()).isTrue();
        assertThat(lie.differences()).extracting(VerificationException.Difference::toString)
                .contains("thread 4711 (fake) uids: expected 1000, observed 0");
        assertThatIllegalStateException().isThrownBy(initial::dropBoundingSet);

        kernel.ignore(call -> false);
        assertThat(initial.drop(identity()).observed()).containsExactly(kernel.status());
        assertThat(kernel.status().uids()).isEqualTo(Credentials.Ids.all(1000));
    }

    @Test
    void aLaterStepThatFailedHalfwayCannotBeSkipped() {
        Phase.BoundingDropped bounded = initial.dropBoundingSet();
        kernel.refuse(call -> call.startsWith("setresuid"));
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> bounded.switchIdentity(identity()));
        kernel.refuse(call -> false);

        assertThatIllegalStateException().isThrownBy(bounded::finalizeDrop);
        assertThat(bounded.switchIdentity(identity()).finalizeDrop().identity()).isEqualTo(identity());
    }

    @Test
    void unreadableResultCountsAsChanged() {
        kernel.beforeEachCall(kernel::blind);
        CapsException failure = catchThrowableOfType(CapsException.class, initial::dropAll);

        assertThat(failure.changed()).isTrue();
        assertThat(failure).hasMessageStartingWith("read(status): EIO: the result is unknown");
        assertThatIllegalStateException().isThrownBy(initial::dropBoundingSet);
    }
}
