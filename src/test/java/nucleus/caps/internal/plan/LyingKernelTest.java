package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A call that answers 0 proves nothing: only what is read back does. */
class LyingKernelTest {

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aCallThatDoesNothingIsFoundOut(Scenario scenario) {
        for (String call : scenario.calls()) {
            FakeKernel kernel = FakeKernel.of(scenario.start()).ignore(call::equals);
            try {
                scenario.performOn(kernel);
            } catch (CapsException e) {
                continue;
            }
            // KEEPCAPS that was never on is off again; all else that is not done must be found out.
            assertThat(Scenario.line(kernel.status())).as(call).isEqualTo(Scenario.line(scenario.end()));
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void returnsTheStateOfTheKernel(Scenario scenario) {
        FakeKernel kernel = FakeKernel.of(scenario.start());
        assertThat(scenario.performOn(kernel)).containsExactly(kernel.status());
    }

    /** One aspect that is not as it should be, each alone, when all is done. */
    static Map<String, Function<ThreadStatus, ThreadStatus>> corruptions() {
        return Map.of(
                "bounding", s -> Scenario.with(s, SetKind.BOUNDING, Scenario.CHOWN),
                "permitted", s -> Scenario.with(s, SetKind.PERMITTED, Scenario.CHOWN),
                "effective", s -> Scenario.with(s, SetKind.EFFECTIVE, Scenario.CHOWN),
                "inheritable", s -> Scenario.with(s, SetKind.INHERITABLE, Scenario.CHOWN),
                "ambient", s -> Scenario.with(s, SetKind.AMBIENT, CapabilitySet.ofNumber(63)),
                "uids", s -> s.with(s.credentials().withUids(new Ids(65534, 65534, 0, 65534))),
                "gids", s -> s.with(s.credentials().withGids(new Ids(65534, 65534, 65534, 0))),
                "groups", s -> s.with(s.credentials().withGroups(List.of(0L, 65533L))),
                "no_new_privs", s -> s.with(s.credentials().withNoNewPrivs(false)),
                "securebits", s -> s.with(s.credentials().with(new SecureBits(Scenario.KEEP_CAPS))));
    }

    @Test
    void namesEachDifferingAspect() {
        Target drop = Scenario.drop(Scenario.NONE, Scenario.NOBODY);
        corruptions().forEach((aspect, corruption) -> {
            FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
            List<ThreadStatus> last = Transition.perform(kernel, Scope.THREAD, drop);
            kernel.drift(corruption.apply(kernel.status()));
            assertNamed(aspect, () -> Confirmation.atEnd(kernel, Scope.THREAD, drop));
            assertNamed(aspect, () -> Confirmation.unchanged(kernel, Scope.THREAD, "drop", last));
        });
    }

    private static void assertNamed(String aspect, ThrowingCallable check) {
        assertThatThrownBy(check).isInstanceOfSatisfying(VerificationException.class,
                e -> assertThat(e.differences()).singleElement().satisfies(d -> {
                    assertThat(d.what()).isEqualTo(aspect);
                    assertThat(d.tid()).isEqualTo(4711);
                    assertThat(d.thread()).isEqualTo("fake");
                    assertThat(d.expected()).isNotEqualTo(d.observed());
                }));
    }

    @Test
    void messageNamesALeakedCapability() {
        FakeKernel kernel = FakeKernel.of(Scenario.ROOT).ignore(call -> call.endsWith("CAP_CHOWN)"));
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD, Scenario.drop(Scenario.NONE)))
                .isInstanceOf(VerificationException.class)
                .hasMessage("drop: not verified: thread 4711 (fake) bounding: expected none, observed "
                        + "cap_chown, leaked cap_chown (part of the change is already made)");
    }

    @Test
    void aThreadWhoseSecurebitsAreNotKnownIsNotVerified() {
        ThreadStatus root = Scenario.ROOT;
        ThreadStatus silent = root.with(new Credentials(root.sets(), root.uids(), root.gids(), root.groups(),
                root.noNewPrivs(), Optional.empty()));
        assertThat(Verifier.differences(root.credentials(), root)).isEmpty();
        assertThat(Verifier.differences(root.credentials(), silent)).singleElement()
                .hasToString("thread 4711 (fake) securebits: expected none, observed unknown");
    }

    @Test
    void aStateThatCannotBeReadBackCountsAsChanged() {
        FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
        kernel.beforeEachCall(kernel::blind);
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD, Scenario.drop(Scenario.NONE)))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isTrue())
                .hasMessageContaining("the result is unknown");
    }
}
