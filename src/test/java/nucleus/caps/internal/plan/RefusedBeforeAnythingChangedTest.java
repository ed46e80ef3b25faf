package nucleus.caps.internal.plan;

import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Mode;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.UserNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot succeed as a whole is refused as a whole: no call is made, and the message says what is missing. */
class RefusedBeforeAnythingChangedTest {

    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet HELD = Scenario.HELD;
    private static final CapabilitySets SAME = new CapabilitySets(HELD, HELD, HELD, NONE, NONE);
    private static final UserNamespace SMALL = new UserNamespace(
            List.of(new UserNamespace.Range(0, 1000)), List.of(new UserNamespace.Range(0, 1000)), true);
    private static final UserNamespace DENY = new UserNamespace(SMALL.uids(), SMALL.gids(), false);

    private static ThreadStatus without(CapabilitySet set) {
        return Scenario.thread(0, SAME.with(SetKind.PERMITTED, HELD.minus(set)).with(SetKind.EFFECTIVE, HELD.minus(set)), 0);
    }

    private static Target apply(CapabilitySets sets) {
        return Target.apply(sets, Optional.empty(), false, Optional.empty());
    }

    @ParameterizedTest
    @MethodSource("nucleus.caps.internal.plan.RefusalTable#refusals")
    void withTheRuleAndWhatIsMissing(ThreadStatus start, Target target, String message) {
        assertRefused(FakeKernel.of(start), target, message);
    }

    @Test
    void aModeThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> Target.enter(Mode.UNCERTAIN, false))
                .withMessage("the mode UNCERTAIN cannot be entered; it means that the state matches no mode");
    }

    @Test
    void refusesIfOneOfFourUidsIsRoot() {
        CapabilitySets none = CapabilitySets.NONE.with(SetKind.BOUNDING, HELD);
        for (Ids uids : List.of(new Ids(0, 7, 7, 7), new Ids(7, 0, 7, 7), new Ids(7, 7, 0, 7), new Ids(7, 7, 7, 0))) {
            FakeKernel kernel = FakeKernel.of(new ThreadStatus(1, "fake", new Credentials(none, uids, Ids.all(7), List.of(),
                    false, Optional.of(SecureBits.NONE))));
            assertRefused(kernel, Target.lockUnprivileged(Optional.empty(), Optional.empty()),
                    "lockUnprivileged: a uid is 0 (" + uids
                            + "); uid 0 owns /proc/sys and /etc even without"
                            + " capabilities; switch the identity first");
        }
    }

    /** Only the kernel can tell; what hinders nothing is written first, so that it can. */
    @Test
    void aSecurebitThatTheKernelDoesNotKnow() {
        SecureBits unknown = new SecureBits(SecureBits.LOCKED_DOWN.bits() | 0x1000);
        for (CapabilitySet keep : List.of(NONE, Scenario.KEPT)) {
            FakeKernel kernel = FakeKernel.of(Scenario.ROOT);
            assertThatThrownBy(() -> new Scenario("", kernel.status(), Scenario.drop(keep, Scenario.NOBODY, unknown))
                    .performOn(kernel)).isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                    .hasMessageContaining("EPERM: no rule of capabilities(7) forbids this call; the cause can be a kernel that"
                            + " does not know 0x1000,"
                            + " or a security module or a seccomp filter");
            assertThat(kernel.status()).isEqualTo(Scenario.ROOT);
        }
    }

    @Test
    void anUnmappedUidGidOrGroup() {
        assertRefused(FakeKernel.root().in(SMALL), Scenario.drop(NONE, Identity.of(1000, 999)),
                "setresuid(1000, 1000, 1000): EINVAL: the id 1000 is not mapped in this user namespace");
        assertRefused(FakeKernel.root().in(SMALL), Scenario.drop(NONE, Identity.of(999, 1000)),
                "setresgid(1000, 1000, 1000): EINVAL: the id 1000 is not mapped in this user namespace");
        assertRefused(FakeKernel.root().in(SMALL), Scenario.drop(NONE, Identity.of(999, 999, 7, 1001)),
                "setgroups([7, 1001]): EINVAL: the group 1001 is not mapped in this user namespace");
    }

    @Test
    void refusesDeniedSetgroups() {
        assertRefused(FakeKernel.root().in(DENY), Scenario.drop(NONE, Identity.of(7, 7)), "setgroups([]): EPERM:"
                + " /proc/self/setgroups of this user namespace contains deny, so these groups cannot be changed: [0, 4]");
        FakeKernel kernel = FakeKernel.root().in(DENY);
        new Scenario("", kernel.status(), Scenario.drop(NONE, Identity.of(7, 7, 4, 0))).performOn(kernel);
        assertThat(kernel.status().uids().contains(7)).isTrue();
    }

    @Test
    void aModeThatIsNotReachedFromNoPriv() {
        FakeKernel kernel = FakeKernel.of(Scenario.thread(0, CapabilitySets.NONE, SecureBits.LOCKED_DOWN.bits()));
        for (Mode mode : List.of(Mode.HYBRID, Mode.PURE1E, Mode.PURE1E_INIT)) {
            assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD, Target.enter(mode, false)))
                    .isInstanceOf(CapsException.class).hasMessageContaining("EPERM: needs CAP_SETPCAP");
        }
        assertThat(kernel.trace()).isEmpty();
    }

    @Test
    void aRefusalSaysThatNothingChanged() {
        FakeKernel kernel = FakeKernel.of(without(CapabilitySet.of(CAP_SETUID)));
        assertThatThrownBy(() -> new Scenario("", kernel.status(), Scenario.drop(NONE, Scenario.NOBODY))
                .performOn(kernel)).isInstanceOfSatisfying(CapsException.class, e -> {
                    assertThat(e.changed()).isFalse();
                    assertThat(e.errno()).isEqualTo(1);
                    assertThat(e.syscall()).startsWith("setresuid");
                    assertThat(e.threads()).containsExactly(kernel.status());
                });
    }

    private static void assertRefused(FakeKernel kernel, Target target, String message) {
        assertThatThrownBy(() -> new Scenario("", kernel.status(), target).performOn(kernel))
                .isExactlyInstanceOf(CapsException.class).hasMessage(message);
        assertThat(kernel.trace()).isEmpty();
    }
}
