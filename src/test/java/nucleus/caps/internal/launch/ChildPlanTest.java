package nucleus.caps.internal.launch;

import static nucleus.caps.Capability.CAP_CHOWN;
import static nucleus.caps.Capability.CAP_NET_BIND_SERVICE;
import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.Capability.CAP_SYS_PTRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.VfsCapData;
import org.junit.jupiter.api.Test;

/** What a child is to do, and what its program holds. */
class ChildPlanTest {

    private static final ProgramFile PROGRAM = ProgramFile.giving(Path.of("/program"));
    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet CHOWN = CapabilitySet.of(CAP_CHOWN);
    private static final CapabilitySet BIND = CapabilitySet.of(CAP_NET_BIND_SERVICE);
    private static final CapabilitySet HELD =
            CapabilitySet.of(CAP_CHOWN, CAP_SETGID, CAP_SETUID, CAP_SETPCAP, CAP_NET_BIND_SERVICE);
    private static final Identity NOBODY = Identity.of(65534, 65534, 65533);

    private static final ThreadStatus ROOT = thread(0, new CapabilitySets(HELD, HELD, HELD, BIND.union(CHOWN), BIND));
    private static final ThreadStatus USER = thread(1000, ROOT.sets());

    private static ThreadStatus thread(long id, CapabilitySets sets) {
        return new ThreadStatus(4711, "caller", new Credentials(sets, Ids.all(id), Ids.all(id), List.of(id, 4L), false,
                Optional.of(SecureBits.NONE)));
    }

    private static ChildPlan plan(ThreadStatus caller, ChildSpec wish) {
        return ChildPlan.of(FakeKernel.of(caller), wish);
    }

    private static ChildSpec wish(Identity identity, CapabilitySet bounding, CapabilitySet ambient) {
        return new ChildSpec(Optional.ofNullable(identity), bounding, ambient, ambient, Optional.empty(), true, Denial.NONE);
    }

    private static CapabilitySets outcome(ThreadStatus caller, ChildSpec wish) {
        return plan(caller, wish).outcome(List.of(PROGRAM)).sets();
    }

    private static List<String> calls(ChildPlan plan) {
        return plan.instructions(new Instructions("amd64")).stream().map(Instruction::syscall).toList();
    }

    @Test
    void aUserIsLeftWithoutCapabilitiesAndGroups() {
        ThreadStatus user = USER.with(USER.credentials().withGroups(List.of()));
        Credentials then = plan(user, wish(null, HELD, NONE)).outcome(List.of(PROGRAM));
        assertThat(then.sets()).isEqualTo(CapabilitySets.NONE.with(SetKind.BOUNDING, HELD));
        assertThat(then.uids().effective()).isEqualTo(1000);
        assertThat(then.groups()).isEmpty();
        assertThat(then.noNewPrivs()).isTrue();
    }

    @Test
    void aUserHoldsWhatIsAmbient() {
        assertThat(outcome(ROOT, wish(NOBODY, BIND.union(CHOWN), BIND)))
                .isEqualTo(new CapabilitySets(BIND.union(CHOWN), BIND, BIND, BIND, BIND));
    }

    @Test
    void rootHoldsTheBoundingSetAsFarAsItIsPermitted() {
        assertThat(outcome(ROOT, wish(null, BIND.union(CHOWN), NONE)))
                .isEqualTo(new CapabilitySets(BIND.union(CHOWN), BIND.union(CHOWN), BIND.union(CHOWN), NONE, NONE));
        ThreadStatus less = ROOT.with(ROOT.credentials().withNoNewPrivs(true).with(SetKind.PERMITTED, HELD.minus(CHOWN)));
        assertThat(outcome(less, wish(null, BIND.union(CHOWN), NONE)).permitted()).isEqualTo(BIND);
    }

    @Test
    void rootUnderNorootIsAUser() {
        ChildSpec wish = new ChildSpec(Optional.empty(), HELD, BIND, BIND, Optional.of(SecureBits.of(SecureBit.NOROOT)), false,
                Denial.NONE);
        assertThat(outcome(ROOT, wish)).isEqualTo(new CapabilitySets(HELD, BIND, BIND, BIND, BIND));
    }

    @Test
    void noNewPrivsStaysWhereItWas() {
        ChildSpec wish = new ChildSpec(Optional.of(NOBODY), HELD, NONE, NONE, Optional.empty(), false, Denial.NONE);
        ThreadStatus set = ROOT.with(ROOT.credentials().withNoNewPrivs(true));
        assertThat(plan(ROOT, wish).outcome(List.of(PROGRAM)).noNewPrivs()).isFalse();
        assertThat(plan(set, wish).outcome(List.of(PROGRAM)).noNewPrivs()).isTrue();
    }

    @Test
    void theCallsEndWithNoNewPrivs() {
        assertThat(calls(plan(ROOT, wish(NOBODY, HELD, NONE)))).containsSubsequence("setgroups([65533])",
                "setresgid(65534, 65534, 65534)", "setresuid(65534, 65534, 65534)", "prctl(PR_SET_NO_NEW_PRIVS, 1)")
                .endsWith("prctl(PR_SET_NO_NEW_PRIVS, 1)");
    }

    @Test
    void keepCapsCannotBeWishedFor() {
        ChildSpec wish = new ChildSpec(Optional.empty(), HELD, NONE, NONE, Optional.of(SecureBits.of(SecureBit.KEEP_CAPS)), true,
                Denial.NONE);
        assertThatThrownBy(() -> plan(ROOT, wish)).isInstanceOfSatisfying(CapsException.class, e -> {
            assertThat(e.changed()).isFalse();
            assertThat(e.threads()).containsExactly(ROOT);
        }).hasMessage("prctl(PR_SET_SECUREBITS, keep_caps): EPERM: execve clears keep_caps, whether it is locked or not");
    }

    @Test
    void aRefusalNamesWhatTheChildDoesNotReceive() {
        assertThatThrownBy(() -> plan(USER, wish(NOBODY, HELD, NONE))).isInstanceOf(CapsException.class)
                .hasMessageContaining("CAP_SETGID").hasMessageContaining("(this thread is permitted "
                        + "cap_chown,cap_setgid,cap_setuid,cap_setpcap, but not ambient, so that what it starts does not"
                        + " receive it)");
    }

    @Test
    void aRefusalThatNoAmbientSetCouldMendSaysNoMore() {
        ThreadStatus nobody = thread(1000, CapabilitySets.NONE.with(SetKind.BOUNDING, HELD));
        assertThatThrownBy(() -> plan(nobody, wish(NOBODY, HELD, NONE))).isInstanceOf(CapsException.class)
                .hasMessageNotContaining("this thread is permitted");
    }

    @Test
    void aChildThatIsNotAsPlannedIsNamed() {
        ChildPlan plan = plan(ROOT, wish(NOBODY, HELD, BIND));
        Credentials right = plan.outcome(List.of(PROGRAM));
        ThreadStatus child = new ThreadStatus(7, "child", right);
        assertThatCode(() -> plan.verify(child)).doesNotThrowAnyException();
        assertThatThrownBy(() -> plan.verify(child.with(right.with(SetKind.BOUNDING, BIND))))
                .isInstanceOf(VerificationException.class)
                .hasMessageStartingWith("launch: not verified: thread 7 (child) bounding: expected ");
    }

    @Test
    void programsThatGiveDifferentThingsAreRefused() {
        ChildPlan plan = plan(ROOT, new ChildSpec(Optional.of(NOBODY), HELD, NONE, NONE, Optional.empty(), false, Denial.NONE));
        ProgramFile other = new ProgramFile(Path.of("/other"), Optional.empty(), Optional.empty(),
                Optional.of(new VfsCapData(BIND, NONE, true, 0)));
        assertThat(plan.outcome(List.of(PROGRAM, PROGRAM)).sets().permitted()).isEqualTo(NONE);
        assertThat(plan.outcome(List.of(other)).sets().permitted()).isEqualTo(BIND);
        assertThatThrownBy(() -> plan.outcome(List.of(PROGRAM, other))).isInstanceOf(CapsException.class)
                .hasMessage("execve(/program): several files of that name are on the path, and give different things: say"
                        + " which");
    }

    /** A user without groups needs no setgroups(2), which its children could not make. */
    @Test
    void startsWeakerThanACallerWhosePermittedSetIsNotAmbient() {
        CapabilitySet traces = CapabilitySet.of(CAP_SYS_PTRACE);
        ThreadStatus user = USER.with(USER.credentials().withGroups(List.of()));
        ThreadStatus tracer = user.with(user.credentials()
                .with(new CapabilitySets(HELD, HELD.union(traces), HELD, traces, traces)));
        assertThat(plan(user, wish(null, HELD, NONE)).startsWeaker()).isTrue();
        assertThat(plan(user, wish(null, HELD, NONE)).startsTracing()).isFalse();
        assertThat(plan(tracer, wish(null, HELD, NONE)).startsTracing()).isTrue();
        assertThat(plan(tracer, wish(null, HELD, NONE)).startsWeaker()).isFalse();
        assertThat(plan(ROOT, wish(null, HELD, NONE)).startsWeaker()).isFalse();
    }

    @Test
    void planGivesThePipesToTheNewIdentity() {
        assertThat(plan(ROOT, wish(NOBODY, HELD, NONE)).giveAway(new Instructions("amd64"), 5).syscall())
                .isEqualTo("fchown(5)");
    }

    @Test
    void planCompletesAStateFromProcWithSecureBits() {
        ChildPlan plan = plan(ROOT, new ChildSpec(Optional.empty(), HELD, NONE, NONE,
                Optional.of(SecureBits.of(SecureBit.NOROOT)), true, Denial.NONE));
        assertThat(plan.withSecureBits(new ThreadStatus(7, "child", ROOT.credentials())).secureBits())
                .contains(SecureBits.of(SecureBit.NOROOT));
    }
}
