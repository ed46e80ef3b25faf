package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;

import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.session.OwnerThread;
import org.junit.jupiter.api.Test;

/** What the tests of nucleus' capability manager said of it, said of its successor. */
class ManagerTest {

    private final Phase.Initial manager =
            Phases.begin(FakeKernel.root(), Scope.THREAD, OwnerThread.NONE, Options.DEFAULT);

    private static boolean isDropped(Phase phase) {
        return phase instanceof Phase.Dropped;
    }

    @Test
    void aNewManagerIsNotDropped() {
        assertThat(isDropped(manager)).isFalse();
    }

    @Test
    void dropAllIsIdempotent() {
        Phase.Dropped dropped = manager.dropAll();

        assertThat(isDropped(dropped)).isTrue();
        assertThat(manager.dropAll()).isSameAs(dropped);
    }

    @Test
    void onlyFinalizeDropEndsInDropped() {
        Phase.BoundingDropped bounded = manager.dropBoundingSet();
        assertThat(isDropped(bounded)).isFalse();

        assertThat(isDropped(bounded.finalizeDrop())).isTrue();
    }
}
