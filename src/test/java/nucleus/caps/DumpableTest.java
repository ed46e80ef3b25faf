package nucleus.caps;

import static nucleus.caps.InitialStep.identity;
import static nucleus.caps.InitialStep.keep;
import static nucleus.caps.InitialStep.sets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.plan.BareKernel;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.sys.Errno;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The option withDumpable: the last call of a step that switches the identity. */
class DumpableTest {

    private static final String CALL = "prctl(PR_SET_DUMPABLE, 1)";

    private final FakeKernel kernel = FakeKernel.root();

    private Phase.Initial begin(UnaryOperator<Options> options) {
        return Phases.begin(kernel, Scope.PROCESS, OwnerThread.NONE, options.apply(Options.DEFAULT));
    }

    private Phase.Initial beginDumpable() {
        return begin(options -> options.withDumpable());
    }

    static Stream<Named<Consumer<Phase.Initial>>> switches() {
        return Stream.of(
                Named.of("drop", initial -> initial.drop(identity())),
                Named.of("dropExcept", initial -> initial.dropExcept(keep(), identity())),
                Named.of("apply", initial -> initial.apply(sets(), identity())),
                Named.of("lockUnprivileged", initial -> initial.lockUnprivileged(identity())),
                Named.of("switchIdentity", initial -> initial.dropBoundingSet().switchIdentity(identity())));
    }

    @ParameterizedTest
    @MethodSource("switches")
    void isTheLastCallOfASwitch(Consumer<Phase.Initial> way) {
        way.accept(beginDumpable());

        assertThat(kernel.trace()).endsWith(CALL).containsOnlyOnce(CALL);
    }

    /** A scout that switched its uid made the process not dumpable, and then a call was refused to it. */
    private static final class Refusing extends BareKernel {

        private final boolean before;
        private final List<ThreadStatus> afterwards;
        private boolean now;
        private int made;
        private boolean refused;

        Refusing(boolean before, ThreadStatus... afterwards) {
            this.before = before;
            this.afterwards = List.of(afterwards);
            now = before;
        }

        @Override
        public List<ThreadStatus> read(Scope scope) {
            return refused ? afterwards : observe(scope);
        }

        @Override
        public List<ThreadStatus> observe(Scope scope) {
            return List.of(FakeKernel.root().status());
        }

        @Override
        public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
            now = false;
            refused = true;
            Change last = plan.changes().getLast();
            ThreadStatus scout = FakeKernel.root().status();
            return new RoundResult(List.of(), Optional.of(scout),
                    List.of(new Failure(scout.tid(), last, last.syscall(), Errno.EPERM)), List.of(), Optional.empty());
        }

        @Override
        public boolean dumpable() {
            return now;
        }

        @Override
        public void makeDumpable() {
            made++;
            now = true;
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRefusedTrialLeavesItAsItWas(boolean before) {
        Refusing refusing = new Refusing(before, FakeKernel.root().status());
        isRefusedADrop(refusing);
        assertThat(refusing.dumpable()).isEqualTo(refusing.before);
        assertThat(refusing.made).isEqualTo(before ? 1 : 0);
    }

    /** A process of the new user could trace a dumpable process as long as the scout lives. */
    @Test
    void aScoutThatHasNotEndedKeepsItNotDumpable() {
        FakeKernel scout = FakeKernel.root();
        Phases.begin(scout, Scope.PROCESS, OwnerThread.NONE, Options.DEFAULT).drop(identity());
        Refusing refusing = new Refusing(true, FakeKernel.root().status(), scout.status());
        assertThat(isRefusedADrop(refusing).getSuppressed()).singleElement(InstanceOfAssertFactories.THROWABLE)
                .hasMessageStartingWith("the process stays not dumpable, ");
        assertThat(refusing.dumpable()).isFalse();
    }

    private static CapsException isRefusedADrop(Refusing refusing) {
        Phase.Initial initial = Phases.begin(refusing, Scope.PROCESS, OwnerThread.NONE, Options.DEFAULT);
        CapsException refused = catchThrowableOfType(CapsException.class, () -> initial.drop(identity()));
        assertThat(refused.changed()).isFalse();
        return refused;
    }

    @ParameterizedTest
    @MethodSource("switches")
    void staysAsItIsWithoutTheOption(Consumer<Phase.Initial> way) {
        way.accept(begin(options -> options));

        assertThat(kernel.trace()).isNotEmpty().doesNotContain(CALL);
    }

    @Test
    void staysAsItIsWithoutASwitch() {
        beginDumpable().dropAll();

        assertThat(kernel.trace()).isNotEmpty().doesNotContain(CALL);
    }

    @Test
    void everyOtherOptionKeepsIt() {
        begin(options -> options.withDumpable().allowNewPrivileges().withNoNewPrivs().withSecureBits(SecureBits.NONE)
                .allowIoUring().withTimeout(Duration.ofSeconds(1))).drop(identity());

        assertThat(kernel.trace()).endsWith(CALL);
    }

    @Test
    void isNotTriedAfterARefusedSwitch() {
        kernel.refuse(call -> call.startsWith("setresuid"));

        assertThat(catchThrowableOfType(CapsException.class, () -> beginDumpable().drop(identity())).syscall())
                .startsWith("setresuid");
        assertThat(kernel.trace()).doesNotContain(CALL);
    }

    /** The switch itself is done and stays so. */
    @Test
    void onlyTheSameStepFollowsARefusal() {
        Phase.Initial initial = beginDumpable();
        kernel.refuse(CALL::equals);

        CapsException e = catchThrowableOfType(CapsException.class, () -> initial.drop(identity()));
        assertThat(e).hasMessageStartingWith(CALL + ": EPERM");
        assertThat(e.changed()).isTrue();
        assertThat(e.threads()).containsExactly(kernel.status());
        assertThatIllegalStateException().isThrownBy(initial::dropAll);

        kernel.refuse(call -> false);
        assertThat(initial.drop(identity()).identity()).isEqualTo(identity());
        assertThat(kernel.trace()).endsWith(CALL, CALL);
    }

    @Test
    void oneThreadCannotHaveIt() {
        assertThatIllegalStateException().isThrownBy(() -> InitialStep.begin(kernel, options -> options.withDumpable()))
                .withMessageStartingWith("begin: withDumpable() ");
        assertThat(kernel.rehearsals()).isZero();
    }
}
