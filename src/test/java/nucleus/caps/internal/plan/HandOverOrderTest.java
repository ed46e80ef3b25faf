package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.api.Test;

/** Files are handed over after the plan and before the first change of a thread. */
class HandOverOrderTest {

    private static final Identity SOMEBODY = Identity.of(1000, 1000);
    private static final String CALL = "handOver([/data], " + SOMEBODY + ")";
    private static final Target DROP =
            Target.drop(CapabilitySet.NONE, Optional.of(SOMEBODY), true, Optional.empty()).handingOver(List.of(Path.of("/data")));

    private static void drop(FakeKernel kernel) {
        Transition.perform(kernel, Scope.THREAD, DROP);
    }

    @Test
    void comesBeforeTheFirstChange() {
        FakeKernel kernel = FakeKernel.root();
        drop(kernel);
        assertThat(kernel.trace()).startsWith(CALL).hasSizeGreaterThan(1);
    }

    @Test
    void aPlanThatIsRefusedHandsNothingOver() {
        ThreadStatus root = FakeKernel.root().status();
        FakeKernel kernel = FakeKernel.of(root.with(root.credentials().with(SetKind.EFFECTIVE, CapabilitySet.NONE)
                .with(SetKind.PERMITTED, CapabilitySet.NONE)));
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> drop(kernel)).matches(e -> !e.changed());
        assertThat(kernel.trace()).isEmpty();
    }

    @Test
    void aRefusedHandOverChangesNoThread() {
        FakeKernel kernel = FakeKernel.root().refuse(CALL::equals);
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> drop(kernel)).matches(e -> !e.changed())
                .satisfies(e -> assertThat(e.threads()).containsExactly(FakeKernel.root().status()));
        assertThat(kernel.trace()).containsExactly(CALL);
    }

    @Test
    void aRefusalAfterItIsAChange() {
        FakeKernel kernel = FakeKernel.root().refuse(call -> !call.equals(CALL));
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> drop(kernel)).matches(CapsException::changed);
    }

    @Test
    void aRefusalAfterOneThatGaveNothingIsNone() {
        FakeKernel kernel = FakeKernel.root().ignore(CALL::equals).refuse(call -> !call.equals(CALL));
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> drop(kernel)).matches(e -> !e.changed());
    }

    /** A step that is tried again skips the threads, and not the files. */
    @Test
    void comesAlsoIfNoThreadHasToChange() {
        FakeKernel kernel = FakeKernel.root();
        drop(kernel);
        int calls = kernel.trace().size();
        drop(kernel);
        assertThat(kernel.trace()).hasSize(calls + 1).endsWith(CALL);
    }
}
