package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.rules.UidFixup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every thread, or none, or an exception that says which. */
class ProcessTest {

    private static final Target DROP = Scenario.drop(Scenario.NONE, Scenario.NOBODY);

    static List<Scenario> scenarios() {
        return Scenario.all();
    }

    private static List<ThreadStatus> perform(FakeProcess process, Target target) {
        return Transition.perform(process, Scope.PROCESS, target);
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyThreadEndsAsOneWould(Scenario scenario) {
        FakeProcess process = FakeProcess.of(scenario.start(), 3);
        assertThat(perform(process, scenario.target())).hasSize(3)
                .allMatch(thread -> thread.credentials().equals(scenario.end().credentials()));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void aRoundThatIsRunTwiceEndsTheSame(Scenario scenario) {
        FakeProcess process = FakeProcess.of(scenario.start(), 2).runEachRoundTwice();
        assertThat(perform(process, scenario.target()))
                .allMatch(thread -> thread.credentials().equals(scenario.end().credentials()));
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void everyStepIsOneRound(Scenario scenario) {
        FakeProcess process = FakeProcess.of(scenario.start(), 2);
        perform(process, scenario.target());
        assertThat(process.rounds()).hasSize(1);
    }

    @Test
    void aStepThatEveryThreadHasDoneTakesNoRound() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, DROP);
        perform(process, DROP);
        assertThat(process.rounds()).hasSize(1);
    }

    @Test
    void lowersACapabilityThatAStepRaised() {
        ThreadStatus unraised = Scenario.with(Scenario.ROOT, SetKind.EFFECTIVE, Scenario.CHOWN);
        FakeKernel kernel = FakeKernel.of(unraised);
        Transition.perform(kernel, Scope.THREAD, Target.dropBounding(Scenario.NONE, Optional.empty()));
        assertThat(kernel.status().sets().effective()).isEqualTo(Scenario.CHOWN);
        assertThat(kernel.status().sets().bounding()).isEqualTo(Scenario.NONE);
    }

    @Test
    void refusalOfTheScoutChangesNoThread() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(1).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        List<ThreadStatus> before = process.read(Scope.PROCESS);
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(CapsException.class, e -> {
            assertThat(e.changed()).isFalse();
            assertThat(e.threads()).isEqualTo(before);
        }).hasMessageStartingWith("prctl(PR_SET_NO_NEW_PRIVS, 1): EPERM: ");
        assertThat(process.read(Scope.PROCESS)).isEqualTo(before);
    }

    @Test
    void aScoutThatIsLiedToTouchesNoThread() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(1).ignore(call -> call.startsWith("setgroups"));
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(VerificationException.class, e -> {
            assertThat(e.changed()).isFalse();
            assertThat(e.differences()).singleElement().extracting(VerificationException.Difference::what)
                    .isEqualTo("groups");
        });
    }

    @Test
    void aSilentThreadCountsAsChanged() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3).silent(2);
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isTrue())
                .hasMessageContaining("no answer from 2");
    }

    @Test
    void namesARefusalOnAnotherThread() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(2).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        process.thread(3).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        assertThatThrownBy(() -> perform(process, DROP))
                .isInstanceOfSatisfying(CapsException.class, e -> {
                    assertThat(e.changed()).isTrue();
                    assertThat(e.threads()).hasSize(3);
                })
                .hasMessageStartingWith("prctl(PR_SET_NO_NEW_PRIVS, 1) [2 threads (2, 3)]: EPERM: ")
                .hasMessageContaining("the threads of this process now differ; end this process");
    }

    @Test
    void namesTheThreadThatDiffers() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(3).ignore(call -> call.endsWith("CAP_CHOWN)"));
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(VerificationException.class,
                e -> assertThat(e.differences()).singleElement().hasToString("thread 3 (fake-3) bounding: expected none,"
                        + " observed cap_chown, leaked cap_chown"));
    }

    @Test
    void keepCapsIsOffOnEveryThreadWhateverFails() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3);
        process.thread(2).refuse(call -> call.startsWith("setgroups"));
        assertThatThrownBy(() -> perform(process, Scenario.drop(Scenario.KEPT, Scenario.NOBODY)))
                .isInstanceOf(CapsException.class).hasMessageContaining("[thread 2]");
        assertThat(process.thread(2).trace()).contains("prctl(PR_SET_KEEPCAPS, 1)");
        assertThat(process.observe(Scope.PROCESS)).noneMatch(thread -> UidFixup.keepsCaps(thread.credentials()));
    }

    @Test
    void aThreadOfTheKernelIsNotJudged() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        perform(process, DROP);
        Credentials root = Scenario.ROOT.credentials();
        process.worker(Scenario.ROOT.with(
                new Credentials(root.sets(), root.uids(), root.gids(), root.groups(), false, Optional.empty())));
        assertThatCode(() -> Confirmation.atEnd(process, Scope.PROCESS, DROP)).doesNotThrowAnyException();
        process.born(4, root);
        assertThatThrownBy(() -> Confirmation.atEnd(process, Scope.PROCESS, DROP))
                .isInstanceOf(VerificationException.class).hasMessageContaining("thread 4 (fake-4)");
    }

    @Test
    void judgesANewThreadByItsState() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        process.beforeEachRound(() -> process.born(3, Scenario.ROOT.credentials().with(SetKind.EFFECTIVE, Scenario.NONE)
                .withUids(Credentials.Ids.all(1000))));
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(CapsException.class, e -> {
            assertThat(e.changed()).isTrue();
            assertThat(e.threads()).extracting(ThreadStatus::tid).containsExactly(1, 2, 3);
        }).hasMessageStartingWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN) [thread 3]: EPERM: needs CAP_SETPCAP in the effective"
                + " set, which holds none");
    }

    @Test
    void aRefusalAlsoSaysThatTheResultIsNotKnown() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3).silent(3);
        process.thread(2).refuse("prctl(PR_SET_NO_NEW_PRIVS, 1)"::equals);
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOf(CapsException.class)
                .hasMessageContaining("[thread 2]: EPERM")
                .hasMessageContaining("; the result is unknown: rt_tgsigqueueinfo(): no answer from 3");
    }

    @Test
    void aContradictionStaysAFailedVerification() {
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 2);
        List<VerificationException.Difference> differences =
                List.of(new VerificationException.Difference(2, "fake-2", "uids", "7", "8"));
        process.contradicted(new VerificationException("read(status)", differences, false, List.of()));
        assertThatThrownBy(() -> perform(process, DROP)).isInstanceOfSatisfying(VerificationException.class, e -> {
            assertThat(e.syscall()).isEqualTo("read(status)");
            assertThat(e.differences()).isEqualTo(differences);
            assertThat(e.changed()).isTrue();
            assertThat(e.threads()).hasSize(2);
        });
    }

    @Test
    void aProcessThatIsNotReadyIsNotTouched() {
        CapsException reason = new CapsException("x", 0, "", "made up", false, List.of());
        FakeProcess process = FakeProcess.of(Scenario.ROOT, 3).notReady(reason);
        assertThatThrownBy(() -> perform(process, DROP)).isSameAs(reason);
        assertThat(process.rounds()).isEmpty();
    }
}
