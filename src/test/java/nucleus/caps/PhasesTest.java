package nucleus.caps;

import static nucleus.caps.InitialStep.begin;
import static nucleus.caps.InitialStep.identity;
import static nucleus.caps.InitialStep.keep;
import static nucleus.caps.InitialStep.sets;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.internal.plan.FakeKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Where each way leads. */
class PhasesTest {

    private static final CapabilitySets KEPT =
            new CapabilitySets(keep(), keep(), keep(), CapabilitySet.NONE, CapabilitySet.NONE);
    private static final Identity ROOT = Identity.of(0, 0, 0, 4);

    private final FakeKernel kernel = FakeKernel.root();
    private final Phase.Initial initial = begin(kernel);

    /** A way and its end. */
    record Way(String name, Function<Phase.Initial, Phase.Ended> way, Identity identity, CapabilitySets sets,
               boolean noNewPrivs) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        return Stream.of(
                new Way("dropAll", i -> i.dropAll(), ROOT, CapabilitySets.NONE, true),
                new Way("drop", i -> i.drop(identity()), identity(), CapabilitySets.NONE, true),
                new Way("dropExcept", i -> i.dropExcept(keep()), ROOT, KEPT, true),
                new Way("dropExcept as", i -> i.dropExcept(keep(), identity()), identity(), KEPT, true),
                new Way("apply", i -> i.apply(sets()), ROOT, sets(), false),
                new Way("apply as", i -> i.apply(sets(), identity()), identity(), sets(), false),
                new Way("in two steps", i -> i.dropBoundingSet().finalizeDrop(), ROOT, CapabilitySets.NONE, true),
                new Way("in two steps, keeping", i -> i.dropBoundingSetExcept(keep()).finalizeDrop(), ROOT, KEPT, true),
                new Way("in three steps", i -> i.dropBoundingSet().switchIdentity(identity()).finalizeDrop(),
                        identity(), CapabilitySets.NONE, true),
                new Way("in three steps, keeping",
                        i -> i.dropBoundingSetExcept(keep()).switchIdentity(identity()).finalizeDrop(),
                        identity(), KEPT, true));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void theEndTellsWhatTheThreadBecame(Way way) {
        Phase.Ended ended = way.way().apply(initial);

        assertThat(ended.identity()).isEqualTo(way.identity());
        assertThat(ended.sets()).isEqualTo(way.sets());
        assertThat(ended.noNewPrivs()).isEqualTo(way.noNewPrivs());
        assertThat(ended.scope()).isEqualTo(Scope.THREAD);
        assertThat(ended.observed()).containsExactly(kernel.status());
        assertThat(kernel.status().secureBits()).contains(new SecureBits(0));
    }

    @ParameterizedTest
    @MethodSource("ways")
    void allowNewPrivilegesLeavesThemAsTheyAreOnEveryWay(Way way) {
        assertThat(way.way().apply(begin(kernel, options -> options.allowNewPrivileges())).noNewPrivs()).isFalse();

        ThreadStatus root = FakeKernel.root().status();
        FakeKernel set = FakeKernel.of(root.with(root.credentials().withNoNewPrivs(true)));
        assertThat(way.way().apply(begin(set, options -> options.allowNewPrivileges())).noNewPrivs()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void withNoNewPrivsSetsItLastOnEveryWay(Way way) {
        Phase.Initial asked = begin(kernel, options -> options.allowNewPrivileges().withNoNewPrivs());

        assertThat(way.way().apply(asked).noNewPrivs()).isTrue();
        assertThat(kernel.trace().stream().filter(call -> !call.equals("prctl(PR_SET_KEEPCAPS, 0)")).toList())
                .endsWith("prctl(PR_SET_NO_NEW_PRIVS, 1)")
                .containsOnlyOnce("prctl(PR_SET_NO_NEW_PRIVS, 1)");
    }

    @ParameterizedTest
    @MethodSource("ways")
    void secureBitsChangeNothingElse(Way way) {
        ThreadStatus without = way.way().apply(begin(FakeKernel.root())).observed().getFirst();
        ThreadStatus end = way.way().apply(begin(kernel, options -> options.withSecureBits(SecureBits.LOCKED_DOWN)))
                .observed().getFirst();

        assertThat(end).isEqualTo(without.with(without.credentials().with(SecureBits.LOCKED_DOWN)));
        assertThat(kernel.trace().stream().filter("prctl(PR_SET_SECUREBITS, 0xef)"::equals)).hasSize(1);
    }

    static Stream<Way> waysToNothing() {
        return ways().filter(way -> way.sets().isEmpty());
    }

    @ParameterizedTest
    @MethodSource("waysToNothing")
    void dropsNothingWithoutACall(Way way) {
        ThreadStatus nothing = initial.drop(identity()).observed().getFirst();
        int calls = kernel.trace().size();

        assertThat(way.way().apply(begin(kernel)).observed()).containsExactly(nothing);
        assertThat(kernel.trace()).hasSize(calls);
    }

    @Test
    void eachPhaseHoldsWhatWasReadWhenItWasReached() {
        ThreadStatus start = kernel.status();
        Phase.BoundingDropped bounded = initial.dropBoundingSetExcept(keep());
        ThreadStatus middle = kernel.status();
        Phase.IdentitySwitched switched = bounded.switchIdentity(identity());
        ThreadStatus late = kernel.status();
        switched.finalizeDrop();

        assertThat(initial.observed()).containsExactly(start).isUnmodifiable();
        assertThat(bounded.observed()).containsExactly(middle).isUnmodifiable();
        assertThat(switched.observed()).containsExactly(late).isUnmodifiable();
        assertThat(middle.sets()).isEqualTo(start.sets().with(SetKind.BOUNDING, keep()));
        assertThat(middle.uids()).isEqualTo(start.uids());
        assertThat(late.sets()).isEqualTo(KEPT);
        assertThat(late.noNewPrivs()).isFalse();
    }

    @Test
    void theIdentityAtTheEndIsTheEffectiveOne() {
        ThreadStatus root = kernel.status();
        FakeKernel mixed = FakeKernel.of(root.with(root.credentials().withUids(new Ids(1, 2, 3, 4))
                .withGids(new Ids(5, 6, 7, 8)).withGroups(List.of(9L)).withNoNewPrivs(false)));

        assertThat(begin(mixed).dropAll().identity()).isEqualTo(Identity.of(2, 6, 9));
    }

    @Test
    void beginsWithEverythingLinked() {
        assertThat(kernel.rehearsals()).isEqualTo(1);
    }

    @Test
    void saysWhatItIs() {
        assertThat(initial.dropAll()).hasToString("DroppedPhase[THREAD, " + CapabilitySets.NONE + "]");
    }

    @Test
    void beginWithEveryOptionChangesNothing() {
        Phase.Initial begun = begin(kernel, options -> options.allowNewPrivileges().withNoNewPrivs()
                .withSecureBits(SecureBits.LOCKED_DOWN).allowIoUring().withTimeout(Duration.ofSeconds(1)));

        assertThat(begun.observed()).isEqualTo(initial.observed()).containsExactly(FakeKernel.root().status());
        assertThat(kernel.trace()).isEmpty();
    }

    /** A parameter of type Dropped proves a drop, so what keeps as much as it likes must not be one. */
    @ParameterizedTest
    @EnumSource
    void onlyADropEndsInDropped(InitialStep step) {
        Phase end = step.from(initial);

        assertThat(end instanceof Phase.Applied).isEqualTo(step.said().matches("apply|enter"));
        assertThat(end instanceof Phase.Dropped).isEqualTo(step.said().matches("drop|lockUnprivileged"));
        assertThat(end instanceof Phase.Ended).isEqualTo(!step.said().startsWith("dropBoundingSet"));
    }
}
