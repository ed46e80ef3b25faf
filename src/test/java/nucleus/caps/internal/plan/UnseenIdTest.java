package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.UserNamespace.Range;
import nucleus.caps.internal.rules.UserNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An id that is not mapped is shown as the overflow id: to seem to have that one already is not to have it. */
class UnseenIdTest {

    private static final long OVERFLOW = 65534;
    private static final List<Range> SOME = List.of(new Range(0, 1 << 16));
    private static final CapabilitySets ROOT = FakeKernel.root().status().sets();

    /** Some id is not mapped, and which one cannot be told. */
    private static final ThreadStatus SEEMS_SO = new ThreadStatus(1, "fake", new Credentials(ROOT, Ids.all(OVERFLOW),
            Ids.all(OVERFLOW), List.of(OVERFLOW), false, Optional.of(new SecureBits(0))));

    private static List<String> calls(UserNamespace namespace) {
        FakeKernel kernel = FakeKernel.of(SEEMS_SO).in(namespace);
        Transition.perform(kernel, Scope.THREAD, Scenario.drop(Scenario.NONE, Identity.of(OVERFLOW, OVERFLOW, OVERFLOW)));
        return kernel.trace();
    }

    @ParameterizedTest
    @ValueSource(strings = {"setgroups([65534])", "setresgid(65534, 65534, 65534)", "setresuid(65534, 65534, 65534)"})
    void whatSeemsSoIsMadeSo(String call) {
        assertThat(calls(new UserNamespace(SOME, SOME, true))).contains(call);
    }

    @Test
    void leavesIdsAloneIfEveryIdIsMapped() {
        assertThat(calls(UserNamespace.INITIAL)).noneMatch(call -> call.startsWith("set"));
    }

    @Test
    void groupsThatCannotBeSetAreLeft() {
        assertThat(calls(new UserNamespace(SOME, SOME, false))).noneMatch(call -> call.startsWith("setgroups"));
    }

    /** The step before has switched to it, and verified that. */
    @Test
    void finalizesWithoutSwitchingAgain() {
        ThreadStatus switched = SEEMS_SO.with(SEEMS_SO.credentials().with(CapabilitySets.NONE));
        FakeKernel kernel = FakeKernel.of(switched).in(new UserNamespace(SOME, SOME, true));
        Identity identity = Identity.of(OVERFLOW, OVERFLOW, OVERFLOW);
        Transition.perform(kernel, Scope.THREAD,
                Target.finalizeDrop(Scenario.NONE, Optional.of(identity), true, Optional.empty()));
        assertThat(kernel.trace()).containsExactly("prctl(PR_SET_NO_NEW_PRIVS, 1)");
    }

    @Test
    void refusesToFinalizeForAnotherIdentity() {
        FakeKernel kernel = FakeKernel.root();
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD,
                Target.finalizeDrop(Scenario.NONE, Optional.of(Scenario.NOBODY), true, Optional.empty())))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessageContaining("uids: expected 65534, observed 0");
        assertThat(kernel.trace()).isEmpty();
    }
}
