package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs before a switch of the ids, and the check of a step that has nothing to change. */
class BeforeSwitchTest {

    private final FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
    private int runs;

    private void perform(Target target) {
        Transition.to(kernel, Scope.THREAD, target).perform(() -> {
            assertThat(kernel.trace()).isEmpty();
            runs++;
        });
    }

    @ParameterizedTest
    @CsvSource({"65534, 65534", "65534, 0", "0, 65534"})
    void runsOnceBeforeTheFirstCall(long uid, long gid) {
        perform(Scenario.drop(Scenario.NONE, Identity.of(uid, gid)));
        assertThat(runs).isOne();
        assertThat(kernel.trace()).isNotEmpty();
    }

    @Test
    void doesNotRunIfTheUidAndTheGidStay() {
        perform(Scenario.drop(Scenario.NONE, Identity.of(0, 0, 7)));
        assertThat(runs).isZero();
        assertThat(kernel.trace()).anyMatch(call -> call.startsWith("setgroups"));
    }

    @Test
    void doesNotRunIfThePlanIsRefused() {
        Target impossible = Scenario.drop(CapabilitySet.ALL, Scenario.NOBODY);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> perform(impossible));
        assertThat(runs).isZero();
    }

    @Test
    void afterAnErrorTheResultIsUnknown() {
        BareKernel exhausted = new BareKernel() {

            @Override
            public List<ThreadStatus> observe(Scope scope) {
                return List.of(Scenario.ROOT);
            }

            @Override
            public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
                throw new OutOfMemoryError("no room");
            }
        };
        assertThatExceptionOfType(CapsException.class)
                .isThrownBy(() -> Transition.perform(exhausted, Scope.PROCESS, Scenario.drop(Scenario.NONE)))
                .withMessageStartingWith("drop: the result is unknown: java.lang.OutOfMemoryError: no room")
                .withCauseInstanceOf(OutOfMemoryError.class).matches(CapsException::changed);
    }

    /** The second reading of a kernel shows a thread that the first did not show. */
    @Test
    void aStepWithNothingToChangeIsConfirmedAllTheSame() {
        Target target = Scenario.drop(Scenario.NONE);
        perform(target);
        ThreadStatus end = kernel.status();
        BareKernel lying = new BareKernel() {

            @Override
            public List<ThreadStatus> probe(Scope scope) {
                return List.of(end);
            }

            @Override
            public List<ThreadStatus> observe(Scope scope) {
                return List.of(end, Scenario.ROOT);
            }

            @Override
            public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
                throw new AssertionError("there is nothing to change");
            }
        };
        assertThatExceptionOfType(VerificationException.class)
                .isThrownBy(() -> Transition.perform(lying, Scope.PROCESS, target))
                .matches(e -> !e.changed());
    }
}
