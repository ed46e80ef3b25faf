package nucleus.caps;

import static nucleus.caps.InitialStep.identity;
import static nucleus.caps.InitialStep.keep;
import static nucleus.caps.InitialStep.sets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.session.OwnerThread;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The options denyNamespaces and denyExec: tried before the last step, and its last call. */
class DenialTest {

    private static final String TRY = "try Denial[namespaces=true, exec=false]";
    private static final String DENY = "deny Denial[namespaces=true, exec=false]";
    private static final String NO_NEW_PRIVS = "prctl(PR_SET_NO_NEW_PRIVS, 1)";

    private final FakeKernel kernel = FakeKernel.root();

    private Phase.Initial begin(Scope scope, UnaryOperator<Options> options) {
        return Phases.begin(kernel, scope, OwnerThread.NONE, options.apply(Options.DEFAULT));
    }

    private Phase.Initial begin() {
        return begin(Scope.PROCESS, Options::denyNamespaces);
    }

    static Stream<Named<Consumer<Phase.Initial>>> ends() {
        return Stream.of(
                Named.of("drop", initial -> initial.drop(identity())),
                Named.of("dropAll", Phase.Initial::dropAll),
                Named.of("dropExcept", initial -> initial.dropExcept(keep())),
                Named.of("lockUnprivileged", initial -> initial.lockUnprivileged(identity())),
                Named.of("apply", initial -> initial.apply(sets())),
                Named.of("apply an Iab", initial -> initial.apply(Iab.parse("!cap_chown"))),
                Named.of("enter", initial -> initial.enter(Mode.HYBRID)));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void isTheLastCallOfTheLastStep(Consumer<Phase.Initial> way) {
        way.accept(begin());

        assertThat(kernel.trace()).startsWith(TRY).endsWith(NO_NEW_PRIVS, DENY).containsOnlyOnce(DENY);
    }

    @ParameterizedTest
    @MethodSource("ends")
    void nothingIsDeniedWithoutTheOption(Consumer<Phase.Initial> way) {
        way.accept(begin(Scope.PROCESS, options -> options));

        assertThat(kernel.trace()).isNotEmpty().noneMatch(call -> call.contains("Denial"));
    }

    @Test
    void earlierStepsDenyNothing() {
        Phase.IdentitySwitched switched = begin().dropBoundingSet().switchIdentity(identity());
        assertThat(kernel.trace()).isNotEmpty().noneMatch(call -> call.contains("Denial"));

        switched.finalizeDrop();
        assertThat(kernel.trace()).contains(TRY).endsWith(DENY);
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void bothBelongToOneFilter(Scope scope) {
        begin(scope, options -> options.denyExec().denyNamespaces().withTimeout(Duration.ofSeconds(1)).allowIoUring())
                .dropAll();

        assertThat(kernel.trace()).endsWith("deny Denial[namespaces=true, exec=true]");
    }

    @Test
    void nothingChangesIfTheTrialIsRefused() {
        Phase.Initial initial = begin();
        kernel.refuse(TRY::equals);

        CapsException e = catchThrowableOfType(CapsException.class, initial::dropAll);
        assertThat(e.changed()).isFalse();
        assertThat(kernel.trace()).containsExactly(TRY);
    }

    /** The drop itself is done and stays so. */
    @Test
    void onlyTheSameStepFollowsARefusal() {
        Phase.Initial initial = begin();
        kernel.refuse(DENY::equals);

        CapsException e = catchThrowableOfType(CapsException.class, initial::dropAll);
        assertThat(e.changed()).isTrue();
        assertThat(e.threads()).containsExactly(kernel.status());
        assertThatIllegalStateException().isThrownBy(() -> initial.drop(identity()));

        kernel.refuse(call -> false);
        assertThat(initial.dropAll().noNewPrivs()).isTrue();
        assertThat(kernel.trace()).endsWith(DENY, TRY, DENY);
    }

    @Test
    void theStepAgainInstallsNoSecondFilter() {
        Phase.Initial initial = begin();

        assertThat(initial.dropAll()).isSameAs(initial.dropAll());
        assertThat(kernel.trace()).containsOnlyOnce(DENY);
    }

    @Test
    void refusesToAllowNewPrivileges() {
        for (UnaryOperator<Options> options : List.<UnaryOperator<Options>>of(o -> o.allowNewPrivileges().denyNamespaces(),
                o -> o.denyNamespaces().allowNewPrivileges(), o -> o.denyExec().allowNewPrivileges())) {
            assertThatIllegalStateException().isThrownBy(() -> begin(Scope.PROCESS, options))
                    .withMessageStartingWith("begin: remove the option allowNewPrivileges(); ");
        }
        assertThat(kernel.rehearsals()).isZero();
    }

    @Test
    void refusesToExecuteAProgram() {
        Phase.Dropped dropped = begin(Scope.PROCESS, Options::denyExec).dropAll();

        assertThatIllegalStateException().isThrownBy(() -> dropped.exec(List.of("true")))
                .withMessage("exec: remove the option denyExec(); it refuses every execve(2)");
    }
}
