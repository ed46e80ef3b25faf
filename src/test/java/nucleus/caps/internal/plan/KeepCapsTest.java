package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;

/** KEEPCAPS is on inside one call only. */
class KeepCapsTest {

    @Test
    void namesANarrowedThreadThatKeepsKeepCaps() {
        FakeKernel kernel = FakeKernel.of(Scenario.ROOT).refuse("prctl(PR_SET_KEEPCAPS, 0)"::equals);
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD,
                Scenario.drop(Scenario.KEPT, Scenario.NOBODY)))
                .isInstanceOf(CapsException.class)
                .hasMessageContaining("KEEPCAPS is still on in thread 4711 (fake)");
        assertThat(kernel.status().sets().permitted()).isEqualTo(Scenario.KEPT);
    }

    @Test
    void anErrorOfTheJvmLeavesItOffToo() {
        FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
        long setresuid = new Scenario("", Scenario.ROOT, Scenario.drop(Scenario.KEPT, Scenario.NOBODY)).calls()
                .indexOf("setresuid(65534, 65534, 65534)");
        kernel.beforeEachCall(() -> {
            if (kernel.trace().size() == setresuid + 1 && kernel.trace().getLast().startsWith("setresuid")) {
                kernel.beforeEachCall(() -> {});
                throw new OutOfMemoryError("made up");
            }
        });
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD,
                Scenario.drop(Scenario.KEPT, Scenario.NOBODY))).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(kernel.status().uids().real()).isEqualTo(65534);
        assertThat(kernel.trace().getLast()).isEqualTo("prctl(PR_SET_KEEPCAPS, 0)");
        assertThat(kernel.status().secureBits().orElseThrow().bits()).isZero();
    }

    @Test
    void triesAgainToClearKeepCaps() {
        FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
        List<String> calls = new Scenario("", Scenario.ROOT, Scenario.drop(Scenario.KEPT, Scenario.NOBODY)).calls();
        kernel.refuseAt(calls.indexOf("prctl(PR_SET_KEEPCAPS, 0)"));
        Transition.perform(kernel, Scope.THREAD, Scenario.drop(Scenario.KEPT, Scenario.NOBODY));
        assertThat(kernel.status().secureBits().orElseThrow().bits()).isZero();
    }

    @Test
    void leavesKeepCapsAloneIfNothingIsKept() {
        assertThat(new Scenario("", Scenario.ROOT, Scenario.drop(Scenario.NONE, Scenario.NOBODY)).calls())
                .noneMatch(call -> call.contains("KEEPCAPS"));
    }
}
