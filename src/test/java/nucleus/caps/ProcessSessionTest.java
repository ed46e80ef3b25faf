package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import nucleus.caps.internal.plan.FakeKernel;
import nucleus.caps.internal.plan.FakeProcess;
import nucleus.caps.internal.session.OwnerThread;
import org.junit.jupiter.api.Test;

/** A session that changes a whole process. */
class ProcessSessionTest {

    private final FakeProcess process = FakeProcess.of(FakeKernel.root().status(), 3);
    private final Phase.Initial initial = begin();

    private Phase.Initial begin() {
        return begin(Options.DEFAULT);
    }

    private Phase.Initial begin(Options options) {
        return Phases.begin(process, Scope.PROCESS, OwnerThread.NONE, options);
    }

    /** Runs something on a virtual thread, and gives what it threw. */
    private static Throwable onVirtualThread(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual().start(() -> thrown.set(catchThrowable(action::run))).join();
        return thrown.get();
    }

    @Test
    void beginReadsEveryThreadAndRehearsesOnAnother() {
        assertThat(initial.observed()).hasSize(3).isEqualTo(process.read(Scope.PROCESS));
        assertThat(process.rehearsals()).hasSize(1).doesNotContain(Thread.currentThread());
    }

    /** The log of these tests is off, {@code -Dnucleus.caps.log=off}. */
    @Test
    void seeksAdviceOnlyForACallerOrALog() {
        FakeKernel kernel = FakeKernel.root();
        Phase.Initial one = Phases.begin(kernel, Scope.PROCESS, OwnerThread.NONE, Options.DEFAULT);
        one.drop(Identity.of(7, 7));
        assertThat(kernel.asked()).isEmpty();
        Phase.Initial other = Phases.begin(kernel, Scope.PROCESS, OwnerThread.NONE, Options.DEFAULT);
        other.advise(Identity.of(8, 8));
        assertThat(kernel.asked()).containsExactly(Identity.of(8, 8));
    }

    @Test
    void differingThreadsEndTheChain() {
        process.thread(2).refuseAt(0);
        Throwable first = catchThrowable(initial::dropAll);
        assertThat(first).isInstanceOf(CapsException.class).hasMessageContaining("end this process");
        assertThat(catchThrowable(initial::dropAll)).isSameAs(first);
        assertThat(catchThrowable(initial::dropBoundingSet)).isSameAs(first);
    }

    @Test
    void continuesAfterARefusalOfTheScout() {
        process.thread(1).refuse(call -> call.startsWith("setgroups"));
        assertThatThrownBy(() -> initial.drop(Identity.of(7, 7))).isInstanceOfSatisfying(CapsException.class,
                e -> assertThat(e.changed()).isFalse());
        process.thread(1).refuse(call -> false);
        assertThat(initial.dropAll().observed()).hasSize(3);
    }

    @Test
    void aThreadThatStaysSilentEndsIt() {
        process.silent(2);
        Throwable first = catchThrowable(() -> initial.drop(Identity.of(7, 7)));
        assertThat(first).isInstanceOfSatisfying(CapsException.class, e -> assertThat(e.changed()).isTrue())
                .hasMessageContaining("no answer from 2");
        assertThat(catchThrowable(initial::dropAll)).isSameAs(first);
    }

    @Test
    void anOptionDisturbsNoThread() {
        process.notReady(new CapsException("x", 0, "", "made up", false, List.of()));
        Phase.Initial patient = begin(Options.DEFAULT.withTimeout(Duration.ofSeconds(60)).allowIoUring());
        assertThatThrownBy(patient::dropAll).hasMessage("x: made up");
    }

    @Test
    void theKernelIsToldOfOptionsThatConcernIt() {
        assertThat(process.said()).isEmpty();
        begin(Options.DEFAULT.withTimeout(Duration.ofSeconds(60)));
        begin(Options.DEFAULT.allowIoUring());
        assertThat(process.said()).containsExactly("answering within PT1M", "allowing io_uring");
    }

    @Test
    void aStepRunsOnAPlatformThreadOfItsOwn() throws InterruptedException {
        AtomicReference<Thread> scout = new AtomicReference<>();
        process.beforeEachRound(() -> scout.set(Thread.currentThread()));
        assertThat(onVirtualThread(initial::dropAll)).isNull();
        assertThat(scout.get().isVirtual()).isFalse();
        assertThat(scout.get().isAlive()).isFalse();
        FakeProcess another = FakeProcess.of(FakeKernel.root().status(), 1);
        another.beforeEachRound(() -> scout.set(Thread.currentThread()));
        Phases.begin(another, Scope.PROCESS, OwnerThread.NONE, Options.DEFAULT).dropAll();
        assertThat(scout.get()).isNotSameAs(Thread.currentThread());
    }

    @Test
    void interruptedVirtualThreadWaits() throws InterruptedException {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        process.beforeEachRound(() -> LockSupport.parkNanos(200_000_000)); // the interruption comes before the end
        assertThat(onVirtualThread(() -> {
            Thread.currentThread().interrupt();
            initial.dropAll();
            interrupted.set(Thread.currentThread().isInterrupted());
        })).isNull();
        assertThat(interrupted).hasValue(true);
    }

    @Test
    void afterAnErrorOfTheJvmInARoundThePhasesAreTorn() throws InterruptedException {
        OutOfMemoryError error = new OutOfMemoryError("made up");
        process.beforeEachRound(() -> {
            throw error;
        });
        Throwable thrown = onVirtualThread(initial::dropAll);
        assertThat(thrown).isInstanceOf(CapsException.class).hasCause(error);
        process.beforeEachRound(() -> {});
        assertThat(onVirtualThread(initial::dropAll)).isSameAs(thrown);
    }
}
