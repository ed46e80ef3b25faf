package nucleus.caps;

import static nucleus.caps.InitialStep.begin;
import static nucleus.caps.InitialStep.identity;
import static nucleus.caps.InitialStep.keep;
import static nucleus.caps.InitialStep.sets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The equal step again must not vouch for a state that has changed behind its back. */
class PhaseDriftTest {

    private final FakeKernel kernel = FakeKernel.root();

    /** One aspect of a thread, changed. */
    enum Drift {

        BOUNDING("bounding", s -> with(s, SetKind.BOUNDING)),
        PERMITTED("permitted", s -> with(s, SetKind.PERMITTED)),
        EFFECTIVE("effective", s -> with(s, SetKind.EFFECTIVE)),
        INHERITABLE("inheritable", s -> with(s, SetKind.INHERITABLE)),
        AMBIENT("ambient", s -> with(s, SetKind.AMBIENT)),
        UIDS("uids", s -> with(s, new Ids(7, 7, 7, 7), s.gids(), s.groups())),
        SAVED_UID("uids", s -> with(s, new Ids(s.uids().real(), s.uids().effective(), 7, s.uids().fileSystem()),
                s.gids(), s.groups())),
        GIDS("gids", s -> with(s, s.uids(), new Ids(7, 7, 7, 7), s.groups())),
        GROUPS("groups", s -> with(s, s.uids(), s.gids(), List.of(7L))),
        NO_NEW_PRIVS("no_new_privs", s -> s.with(s.credentials().withNoNewPrivs(!s.noNewPrivs()))),
        KEEP_CAPS("securebits", s -> with(s, 1 << 4)),
        NOROOT("securebits", s -> with(s, 1));

        private final String aspect;
        private final UnaryOperator<ThreadStatus> change;

        Drift(String aspect, UnaryOperator<ThreadStatus> change) {
            this.aspect = aspect;
            this.change = change;
        }

        private static ThreadStatus with(ThreadStatus s, SetKind kind) {
            return s.with(s.credentials().with(kind, CapabilitySet.of(Capability.CAP_SYS_ADMIN)));
        }

        private static ThreadStatus with(ThreadStatus s, Ids uids, Ids gids, List<Long> groups) {
            return s.with(s.credentials().withUids(uids).withGids(gids).withGroups(groups));
        }

        private static ThreadStatus with(ThreadStatus s, int secureBits) {
            return s.with(s.credentials().with(new SecureBits(secureBits)));
        }
    }

    static Stream<Arguments> everyEndAndDrift() {
        return Stream.of(InitialStep.DROP_ALL, InitialStep.DROP, InitialStep.DROP_EXCEPT, InitialStep.DROP_EXCEPT_AS,
                InitialStep.APPLY, InitialStep.APPLY_AS)
                .flatMap(step -> Arrays.stream(Drift.values()).map(drift -> Arguments.of(step, drift)));
    }

    @ParameterizedTest
    @MethodSource("everyEndAndDrift")
    void anEndThatIsNoLongerSoIsNotGivenAgain(InitialStep step, Drift drift) {
        Phase.Initial initial = begin(kernel);
        fails(initial, step::from, drift);
    }

    // A step on the way answers for what it did: what it left alone, a later step may have changed since.

    @ParameterizedTest
    @EnumSource(names = {"BOUNDING", "INHERITABLE", "AMBIENT"})
    void aBoundingSetThatIsNoLongerEmptyIsNotGivenAgain(Drift drift) {
        fails(begin(kernel), Phase.Initial::dropBoundingSet, drift);
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_NEW_PRIVS", "NOROOT"}, mode = EnumSource.Mode.EXCLUDE)
    void anIdentityThatIsNoLongerSoIsNotGivenAgain(Drift drift) {
        fails(begin(kernel).dropBoundingSetExcept(keep()), p -> p.switchIdentity(identity()), drift);
    }

    @ParameterizedTest
    @EnumSource
    void theLastStepAgainSeesEveryDrift(Drift drift) {
        fails(begin(kernel).dropBoundingSet().switchIdentity(identity()), Phase.IdentitySwitched::finalizeDrop, drift);
    }

    @ParameterizedTest
    @EnumSource
    void verifySeesEveryDrift(Drift drift) {
        fails(begin(kernel).drop(identity()), p -> {
            p.verify();
            return p;
        }, drift);
    }

    /** There is no such program: what is thrown tells how far it came. */
    @ParameterizedTest
    @EnumSource
    void aProgramIsNotGivenAStateThatHasDrifted(Drift drift) {
        Phase.Dropped dropped = begin(kernel).drop(identity());
        assertThat(catchThrowableOfType(CapsException.class, () -> dropped.exec(List.of("/no/program"))))
                .hasMessageStartingWith("execve(/no/program): ENOENT");
        kernel.drift(drift.change.apply(kernel.status()));
        assertThat(catchThrowableOfType(VerificationException.class, () -> dropped.exec(List.of("/no/program")))
                .differences()).extracting(VerificationException.Difference::what).contains(drift.aspect);
    }

    private <P extends Phase> void fails(P phase, Function<P, Phase> step, Drift drift) {
        step.apply(phase);
        kernel.drift(drift.change.apply(kernel.status()));
        int calls = kernel.trace().size();

        VerificationException refused = catchThrowableOfType(VerificationException.class, () -> step.apply(phase));

        assertThat(refused).as("the step again").isNotNull();
        assertThat(refused.differences()).extracting(VerificationException.Difference::what).contains(drift.aspect);
        assertThat(refused.changed()).isFalse();
        assertThat(kernel.trace()).as("calls").hasSize(calls);
    }

    @Test
    void repeatedStepSucceedsAfterTheDrift() {
        Phase.Initial initial = begin(kernel);
        Phase.Applied applied = initial.apply(sets(), identity());
        ThreadStatus reached = kernel.status();
        kernel.drift(Drift.EFFECTIVE.change.apply(reached));
        catchThrowableOfType(VerificationException.class, () -> initial.apply(sets(), identity()));
        kernel.drift(reached);

        assertThat(initial.apply(sets(), identity())).isSameAs(applied);
    }

    @Test
    void aStepOnTheWayStillAnswersForWhatItPromised() {
        Phase.Initial initial = begin(kernel);
        initial.dropBoundingSet().finalizeDrop();
        initial.dropBoundingSet();
        kernel.drift(Drift.BOUNDING.change.apply(kernel.status()));
        assertThat(catchThrowableOfType(VerificationException.class, initial::dropBoundingSet).differences())
                .singleElement().extracting(VerificationException.Difference::what).isEqualTo("bounding");
    }
}
