package nucleus.caps.internal.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Change;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every thread, or none, or an exception that says which. */
class ProcessTest {

    private static final List<Recipe> DROP = Scenario.drop(Scenario.NONE, Scenario.NOBODY);

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    private static List<ThreadStatus> perform(FakeProcess process, List<Recipe> recipes) {
        return Transition.perform(process, Scope.PROCESS, recipes);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyThreadEndsAsOneWould(Scenario scenario) {
        FakeProcess process = FakeProcess.of(scenario.start(), 3);
        assertThat(perform(process, scenario.recipes())).hasSize(3)
                .allMatch(thread -> State.of(thread).equals(State.of(scenario.end())));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aRoundThatIsRunTwiceEndsTheSame(Scenario scenario) {
        FakeProcess process = FakeProcess.of(scenario.start(), 2).runEachRoundTwice();
        assertThat(perform(process, scenario.recipes()))
                .allMatch(thread -> State.of(thread).equals(State.of(scenario.end())));
    }

    @Test
    void aWholeDropTakesTwoRoundsBesidesTheIdentity() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, DROP);
        assertThat(process.rounds()).extracting(round -> round.getFirst().getClass().getSimpleName())
                .containsExactly("DropBounding", "SetGroups", "NoNewPrivs");
        process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, Scenario.drop(Scenario.NONE));
        assertThat(process.rounds()).hasSize(2);
    }

    @Test
    void withSomethingKeptItTakesTwoMore() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, Scenario.drop(Scenario.KEPT, Scenario.NOBODY));
        assertThat(process.rounds()).extracting(round -> round.getFirst().getClass().getSimpleName())
                .containsExactly("DropBounding", "KeepCaps", "SetGroups", "CapSet", "NoNewPrivs");
    }

    @Test
    void securebitsTakeOneMoreRound() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, Scenario.drop(Scenario.NONE, Scenario.NOBODY, SecureBits.LOCKED_DOWN));
        assertThat(process.rounds()).extracting(round -> round.getFirst().getClass().getSimpleName())
                .containsExactly("SetSecureBits", "SetGroups", "CapSet", "NoNewPrivs");
        process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, Scenario.drop(Scenario.KEPT, Scenario.NOBODY, SecureBits.LOCKED_DOWN));
        assertThat(process.rounds()).extracting(round -> round.getFirst().getClass().getSimpleName())
                .containsExactly("DropBounding", "KeepCaps", "SetGroups", "CapSet", "CapSet", "NoNewPrivs");
    }

    /** Without CAP_SETPCAP the kernel refuses a write that changes nothing, and a thread just born may need none. */
    @Test
    void aThreadThatHasTheSecurebitsAlreadyIsNoFailureAndOneThatHasNotIs() {
        ThreadStatus user = Scenario.thread(7, CapabilitySets.NONE, 0);
        List<Recipe> lock = List.of(new LockUnprivileged(Optional.of(SecureBits.of(SecureBit.EXEC_RESTRICT_FILE))));
        FakeProcess process = FakeProcess.of(user, 3).runEachRoundTwice();
        assertThat(perform(process, lock)).allMatch(thread -> thread.noNewPrivs()
                && thread.secureBits().equals(Optional.of(SecureBits.of(SecureBit.EXEC_RESTRICT_FILE))));

        FakeProcess refusing = FakeProcess.of(user, 3);
        refusing.thread(2).refuse("prctl(PR_SET_SECUREBITS, 0x100)"::equals);
        assertThatThrownBy(() -> perform(refusing, lock)).isExactlyInstanceOf(CapsException.class)
                .hasMessageStartingWith("prctl(PR_SET_SECUREBITS, 0x100) [thread 2]: EPERM: no rule of capabilities(7)"
                        + " forbids it: the kernel may not know exec_restrict_file, or ");
    }

    @Test
    void threadsThatDifferAreRefusedBeforeAnythingChanges() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(2).drift(Scenario.with(process.thread(2).status(), SetKind.EFFECTIVE, Scenario.CHOWN));
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessage("Scope.PROCESS: the threads of this process differ: thread 2 (fake-2) effective: expected "
                        + Scenario.HELD + ", observed cap_chown");
        assertThat(process.rounds()).isEmpty();
    }

    @Test
    void theyAreComparedOnceMoreRightBeforeTheCLibrarySwitchesTheIdentity() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.beforeEachRound(() -> {
            if (process.rounds().size() == 1) {
                process.thread(3).drift(Scenario.with(process.thread(3).status(), SetKind.EFFECTIVE, Scenario.NONE));
            }
        });
        Recipe identity = new SwitchIdentity(Scenario.NOBODY, Scenario.KEPT);
        assertThatThrownBy(() -> perform(process, List.of(new DropBounding(Scenario.KEPT), identity)))
                .isInstanceOf(CapsException.class).hasMessageContaining("thread 3 (fake-3) effective");
        assertThat(process.rounds()).noneMatch(round -> round.getFirst().isIdentity());
    }

    @Test
    void whatTheCallerIsRefusedTouchesNoOther() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(1).refuseAt(0);
        ThreadStatus other = process.thread(2).status();
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isFalse())
                .hasMessageStartingWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN) [thread 1]: EPERM: ");
        assertThat(process.thread(2).status()).isEqualTo(other);
    }

    @Test
    void aRefusalOnAnotherThreadIsNamedAndTheProcessShouldExit() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(2).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        process.thread(3).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> {
                    assertThat(e.changed()).isTrue();
                    assertThat(e.threads()).hasSize(3);
                })
                .hasMessageStartingWith("prctl(PR_SET_NO_NEW_PRIVS, 1) [thread 2, 3]: EPERM: ")
                .hasMessageContaining("the threads of this process differ now, and it should exit");
    }

    @Test
    void oneThreadThatLiesIsNamed() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(3).ignore(call -> call.endsWith("CAP_CHOWN)"));
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(VerificationException.class, e ->
                assertThat(e.differences()).singleElement().hasToString("thread 3 (fake-3) bounding: expected none,"
                        + " observed cap_chown, leaked cap_chown"));
    }

    @Test
    void keepCapsIsOffOnEveryThreadWhateverFails() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(1).refuse(call -> call.startsWith("setgroups"));
        assertThatThrownBy(() -> perform(process, Scenario.drop(Scenario.KEPT, Scenario.NOBODY)))
                .isInstanceOf(CapsException.class);
        assertThat(process.rounds().getLast()).containsExactly(new Change.KeepCaps(false));
        assertThat(process.observe(Scope.PROCESS)).noneMatch(thread -> State.of(thread).keepCaps());
    }

    @Test
    void aProcessThatIsNotReadyIsNotTouched() {
        CapsException reason = new CapsException("x", 0, "", "made up", false, List.of());
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3).notReady(reason);
        assertThatThrownBy(() -> perform(process, DROP)).isSameAs(reason);
        assertThat(process.rounds()).isEmpty();
    }
}
