package nucleus.caps.internal.recipe;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.Capability.CAP_SYS_ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.UserNamespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot succeed as a whole is refused as a whole: no call is made, and the message says what is missing. */
class RefusedBeforeAnythingChangedTest {

    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet HELD = Scenario.HELD;
    private static final CapabilitySet ADMIN = CapabilitySet.of(CAP_SYS_ADMIN);
    private static final CapabilitySets SAME = new CapabilitySets(HELD, HELD, HELD, NONE, NONE);
    private static final int KEEP_CAPS_LOCKED = 1 << 5;
    private static final int NO_CAP_AMBIENT_RAISE = 1 << 6;

    private static final UserNamespace SMALL = new UserNamespace(
            List.of(new UserNamespace.Range(0, 1000)), List.of(new UserNamespace.Range(0, 1000)), true);
    private static final UserNamespace DENY = new UserNamespace(SMALL.uids(), SMALL.gids(), false);

    private static ThreadStatus without(CapabilitySet set) {
        return Scenario.with(Scenario.ROOT, SetKind.EFFECTIVE, HELD.minus(set));
    }

    private static ThreadStatus locked(int securebits) {
        return Scenario.thread(0, Scenario.ROOT.sets(), securebits);
    }

    private static List<Recipe> apply(CapabilitySets sets) {
        return List.of(new ApplySets(sets, Optional.empty(), false));
    }

    private static List<Recipe> change(SetKind kind, CapabilitySet set) {
        return List.of(new ChangeSet(kind, set));
    }

    static Stream<Arguments> refusals() {
        CapabilitySet pcap = CapabilitySet.of(CAP_SETPCAP);
        ThreadStatus stripped = Scenario.thread(0, SAME.with(SetKind.PERMITTED, HELD.minus(pcap))
                .with(SetKind.EFFECTIVE, HELD.minus(pcap)), 0);
        return Stream.of(
                arguments(without(pcap), Scenario.drop(NONE), "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs"
                        + " CAP_SETPCAP in the effective set, which holds"
                        + " cap_chown,cap_setgid,cap_setuid,cap_net_bind_service; it is permitted: raise it first"),
                arguments(stripped, Scenario.drop(NONE), "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs"
                        + " CAP_SETPCAP in the effective set, which holds"
                        + " cap_chown,cap_setgid,cap_setuid,cap_net_bind_service"),
                arguments(without(CapabilitySet.of(CAP_SETGID)), Scenario.drop(NONE, Scenario.NOBODY),
                        "setgroups([65533]): EPERM: needs CAP_SETGID in the effective set, which holds"
                        + " cap_chown,cap_setuid,cap_setpcap,cap_net_bind_service; it is permitted: raise it first"),
                arguments(without(CapabilitySet.of(CAP_SETGID)), Scenario.drop(NONE, Identity.of(5, 5, 0, 4)),
                        "setresgid(5, 5, 5): EPERM: needs CAP_SETGID in the effective set, which holds"
                        + " cap_chown,cap_setuid,cap_setpcap,cap_net_bind_service; it is permitted: raise it first"),
                arguments(without(CapabilitySet.of(CAP_SETUID)), Scenario.drop(NONE, Scenario.NOBODY),
                        "setresuid(65534, 65534, 65534): EPERM: needs CAP_SETUID in the effective set, which holds"
                        + " cap_chown,cap_setgid,cap_setpcap,cap_net_bind_service; it is permitted: raise it first"),
                arguments(Scenario.ROOT, Scenario.drop(ADMIN),
                        "capset: EPERM: what is kept must be in the permitted set, which lacks cap_sys_admin"),
                arguments(Scenario.with(Scenario.ROOT, SetKind.BOUNDING, HELD.minus(Scenario.CHOWN)),
                        Scenario.drop(Scenario.CHOWN),
                        "capset: EPERM: what is kept must be in the bounding set, which lacks cap_chown"),
                arguments(locked(KEEP_CAPS_LOCKED), Scenario.drop(Scenario.KEPT, Scenario.NOBODY),
                        "prctl(PR_SET_KEEPCAPS, 1): EPERM: the securebit keep_caps_locked is set: nothing can change"
                        + " KEEPCAPS any more"),
                arguments(locked(NO_CAP_AMBIENT_RAISE), change(SetKind.AMBIENT, Scenario.CHOWN),
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN): EPERM: the securebit"
                        + " no_cap_ambient_raise is set"),
                arguments(Scenario.ROOT, change(SetKind.AMBIENT, HELD),
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN): EPERM: ambient must lie within"
                        + " permitted and inheritable, which lack cap_setgid,cap_setuid,cap_setpcap"),
                arguments(Scenario.ROOT, change(SetKind.BOUNDING, ADMIN), "prctl(PR_CAPBSET_DROP): EPERM: nothing can"
                        + " be added to the bounding set, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, change(SetKind.PERMITTED, ADMIN), "capset(effective=none,"
                        + " permitted=cap_sys_admin, inheritable=cap_chown,cap_net_bind_service): EPERM: nothing can"
                        + " be added to the permitted set, which lacks cap_sys_admin"),
                arguments(Scenario.thread(0, SAME.with(SetKind.PERMITTED, Scenario.CHOWN)
                        .with(SetKind.EFFECTIVE, NONE), 0), change(SetKind.EFFECTIVE, Scenario.BIND),
                        "capset(effective=cap_net_bind_service, permitted=cap_chown, inheritable=none): EPERM:"
                        + " effective must lie within permitted, which lacks cap_net_bind_service"),
                arguments(Scenario.ROOT, change(SetKind.INHERITABLE, ADMIN), "capset(effective=" + HELD
                        + ", permitted=" + HELD + ", inheritable=cap_sys_admin): EPERM: inheritable can only gain what"
                        + " is in the bounding set, which lacks cap_sys_admin"),
                arguments(stripped, change(SetKind.INHERITABLE, pcap), "capset(effective=" + HELD.minus(pcap)
                        + ", permitted=" + HELD.minus(pcap) + ", inheritable=cap_setpcap): EPERM: without CAP_SETPCAP"
                        + " inheritable can only gain what is permitted, which lacks cap_setpcap"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.BOUNDING, ADMIN)),
                        "prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.PERMITTED, ADMIN)),
                        "capset: EPERM: nothing can be added to permitted, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.PERMITTED, Scenario.CHOWN)
                        .with(SetKind.EFFECTIVE, Scenario.KEPT)),
                        "capset: EPERM: effective must lie within permitted, which lacks"
                        + " cap_setuid,cap_net_bind_service"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.INHERITABLE, ADMIN)), "capset: EPERM: inheritable"
                        + " must lie within what can be raised in it, which lacks cap_sys_admin"),
                arguments(stripped, apply(SAME.with(SetKind.PERMITTED, NONE).with(SetKind.EFFECTIVE, NONE)
                        .with(SetKind.INHERITABLE, pcap)), "capset: EPERM: inheritable"
                        + " must lie within what can be raised in it, which lacks cap_setpcap"),
                arguments(Scenario.ROOT, apply(CapabilitySets.NONE.with(SetKind.INHERITABLE, HELD)
                        .with(SetKind.AMBIENT, Scenario.CHOWN)),
                        "prctl(PR_CAP_AMBIENT): EPERM: ambient must lie within permitted, which lacks cap_chown"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.AMBIENT, Scenario.CHOWN)),
                        "prctl(PR_CAP_AMBIENT): EPERM: ambient must lie within inheritable, which lacks cap_chown"));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void withTheRuleAndWhatIsMissing(ThreadStatus start, List<Recipe> recipes, String message) {
        assertRefused(FakeKernel.of(start), recipes, message);
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
    void setgroupsWhereItIsDeniedUnlessTheGroupsAreThoseAlready() {
        assertRefused(FakeKernel.root().in(DENY), Scenario.drop(NONE, Identity.of(7, 7)), "setgroups([]): EPERM:"
                + " /proc/self/setgroups of this user namespace says deny, and the groups differ: [0, 4]");
        FakeKernel kernel = FakeKernel.root().in(DENY);
        new Scenario("", kernel.status(), Scenario.drop(NONE, Identity.of(7, 7, 4, 0))).performOn(kernel);
        assertThat(kernel.status().uids().contains(7)).isTrue();
    }

    @Test
    void anIdentityThatIsNoLongerTheOneSwitchedTo() {
        FakeKernel kernel = FakeKernel.root();
        Recipe finish = new Finish(NONE, Optional.of(Scenario.NOBODY), true);
        assertThatThrownBy(() -> Transition.perform(kernel, Scope.THREAD, List.of(finish)))
                .isInstanceOfSatisfying(VerificationException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessageContaining("uids: expected 65534, observed 0");
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

    private static void assertRefused(FakeKernel kernel, List<Recipe> recipes, String message) {
        assertThatThrownBy(() -> new Scenario("", kernel.status(), recipes).performOn(kernel))
                .isExactlyInstanceOf(CapsException.class).hasMessage(message);
        assertThat(kernel.trace()).isEmpty();
    }
}
