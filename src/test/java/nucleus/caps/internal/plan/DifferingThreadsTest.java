package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads that differ reach the same end, or the plan is refused and names one of them. */
class DifferingThreadsTest {

    private static final Target DROP = Scenario.drop(Scenario.NONE, Scenario.NOBODY);

    private static List<ThreadStatus> perform(FakeProcess process, Target target) {
        return Transition.perform(process, Scope.PROCESS, target);
    }

    /** Without CAP_SETPCAP the kernel refuses a write that changes nothing, and a thread just born may need none. */
    @Test
    void acceptsRefusedSecurebitsThatAreAlreadySet() {
        ThreadStatus user = Scenario.thread(7, CapabilitySets.NONE, 0);
        Target lock = Target.lockUnprivileged(Optional.empty(), Optional.of(SecureBits.of(SecureBit.EXEC_RESTRICT_FILE)));
        FakeProcess process = FakeProcess.of(user, 3).runEachRoundTwice();
        assertThat(perform(process, lock)).allMatch(thread -> thread.noNewPrivs()
                && thread.secureBits().equals(Optional.of(SecureBits.of(SecureBit.EXEC_RESTRICT_FILE))));

        FakeProcess refusing = FakeProcess.of(user, 3);
        refusing.thread(2).refuse("prctl(PR_SET_SECUREBITS, 0x100)"::equals);
        assertThatThrownBy(() -> perform(refusing, lock)).isExactlyInstanceOf(CapsException.class)
                .hasMessageStartingWith("prctl(PR_SET_SECUREBITS, 0x100) [thread 2]: EPERM: no rule of capabilities(7) forbids"
                        + " this call; the cause can be a kernel that does not know exec_restrict_file, or");
    }

    /** One thread each that is not as the others, and can get to the same end. */
    static Stream<UnaryOperator<Credentials>> differences() {
        return Stream.of(c -> c.with(SetKind.EFFECTIVE, Scenario.CHOWN), c -> c.with(SetKind.EFFECTIVE, Scenario.NONE),
                c -> c.with(c.sets().with(SetKind.PERMITTED, Scenario.HELD.minus(Scenario.CHOWN))
                        .with(SetKind.EFFECTIVE, Scenario.NONE).with(SetKind.INHERITABLE, Scenario.NONE)
                        .with(SetKind.AMBIENT, Scenario.NONE)),
                c -> c.with(SetKind.BOUNDING, Scenario.NONE), c -> c.with(SetKind.INHERITABLE, Scenario.HELD),
                c -> c.with(SetKind.AMBIENT, Scenario.NONE), c -> c.withGroups(List.of(1L, 2L)),
                c -> c.withUids(new Credentials.Ids(0, 1000, 0, 1000)), c -> c.withGids(Credentials.Ids.all(7)),
                c -> c.withNoNewPrivs(true), c -> c.with(new SecureBits(Scenario.NO_SETUID_FIXUP)),
                c -> c.with(new SecureBits(Scenario.KEEP_CAPS)),
                c -> c.with(CapabilitySets.NONE).with(Scenario.NOBODY));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void differingThreadsReachTheSameEnd(UnaryOperator<Credentials> difference) {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        ThreadStatus other = process.thread(2).status();
        process.thread(2).drift(other.with(difference.apply(other.credentials())));
        SecureBits bits = process.thread(2).status().secureBits().orElseThrow();
        Target drop = bits.contains(SecureBit.NO_SETUID_FIXUP)
                ? Scenario.drop(Scenario.NONE, Scenario.NOBODY, SecureBits.NONE) : DROP;
        assertThat(perform(process, drop)).extracting(ThreadStatus::credentials)
                .containsOnly(drop.end(Scenario.ROOT.credentials()));
    }

    /** The same program must serve threads whose permitted sets differ. */
    @Test
    void threadsThatDifferInWhatIsPermittedRaiseTheirOwn() {
        FakeProcess process = FakeProcess.of(Scenario.with(Scenario.ROOT, SetKind.EFFECTIVE, Scenario.NONE), 2);
        ThreadStatus other = process.thread(2).status();
        process.thread(2).drift(other.with(other.credentials().with(other.sets().with(SetKind.PERMITTED,
                Scenario.HELD.minus(Scenario.CHOWN)).with(SetKind.INHERITABLE, Scenario.NONE)
                .with(SetKind.AMBIENT, Scenario.NONE))));
        assertThat(perform(process, DROP)).extracting(ThreadStatus::credentials)
                .containsOnly(DROP.end(Scenario.ROOT.credentials()));
        assertThat(process.rounds().getFirst().changes()).hasAtLeastOneElementOfType(Change.AdjustCaps.class);
    }

    /** A program that each thread runs knows no way back to what only one of them had raised. */
    @Test
    void refusesDifferingEffectiveSetsThatMustStay() {
        FakeProcess process = FakeProcess.of(Scenario.with(Scenario.ROOT, SetKind.EFFECTIVE, Scenario.CHOWN), 2);
        process.thread(2).drift(Scenario.with(process.thread(2).status(), SetKind.EFFECTIVE, Scenario.NONE));
        assertThatThrownBy(() -> perform(process, Target.dropBounding(Scenario.NONE, Optional.empty())))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessageContaining("effective: expected cap_chown, observed cap_chown,cap_setpcap");
        assertThat(process.rounds()).isEmpty();
    }

    @Test
    void namesAThreadThatCannotFollow() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        ThreadStatus other = process.thread(2).status();
        process.thread(2).drift(other.with(other.credentials().with(CapabilitySets.NONE.with(SetKind.BOUNDING,
                Scenario.CHOWN))));
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessageStartingWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN) [thread 2]: EPERM: needs CAP_SETPCAP in the"
                        + " effective set, which holds none");
        assertThat(process.rounds()).isEmpty();
    }
}
