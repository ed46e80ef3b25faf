package nucleus.caps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import nucleus.caps.internal.recipe.FakeKernel;
import nucleus.caps.internal.recipe.FakeProcess;
import org.junit.jupiter.api.Test;

/** A chain that changes a whole process. */
class ProcessChainTest {

    private final FakeProcess process = FakeProcess.of(FakeKernel.root().status(), 3);
    private final Phase.Initial initial = begin();

    private Phase.Initial begin() {
        return Phases.begin(process, Scope.PROCESS, Confinement.NONE, new Log());
    }

    /** Runs something on a virtual thread, and gives what it threw. */
    private static Throwable onVirtualThread(Runnable action) throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread.ofVirtual().start(() -> thrown.set(catchThrowable(action::run))).join();
        return thrown.get();
    }

    @Test
    void threadsThatWereLeftDifferentEndItWithOneAndTheSameException() {
        process.thread(2).refuseAt(0);
        Throwable first = catchThrowable(initial::dropAll);
        assertThat(first).isInstanceOf(CapsException.class).hasMessageContaining("it should exit");
        assertThat(catchThrowable(initial::dropAll)).isSameAs(first);
        assertThat(catchThrowable(initial::dropBoundingSet)).isSameAs(first);
    }

    @Test
    void oneThatOnlyTheCallerWasRefusedGoesOn() {
        process.thread(1).refuseAt(0);
        assertThat(catchThrowable(initial::dropAll)).isInstanceOf(CapsException.class);
        assertThat(initial.dropAll().observed()).hasSize(3);
    }

    @Test
    void aRefusalHalfwayThatLeftAllThreadsAlikeCanBeTriedAgain() {
        Identity somebody = Identity.of(7, 7);
        process.thread(1).refuse(call -> call.startsWith("setgroups"));
        assertThatThrownBy(() -> initial.drop(somebody)).isInstanceOfSatisfying(CapsException.class,
                e -> assertThat(e.changed()).isTrue());
        process.thread(1).refuse(call -> false);
        assertThat(initial.drop(somebody).identity()).isEqualTo(somebody);
    }

    @Test
    void aThreadThatTheCLibraryLeavesOutIsOneThatIsJustEnding() {
        process.leavesOut(2, 3);
        assertThat(initial.drop(Identity.of(7, 7)).observed()).extracting(ThreadStatus::tid).containsExactly(1, 3);
    }

    @Test
    void unlessItLivesOn() {
        process.leavesOut(2, Integer.MAX_VALUE);
        assertThatThrownBy(() -> initial.drop(Identity.of(7, 7))).isInstanceOf(VerificationException.class)
                .hasMessageContaining("thread 2 (fake-2) uids: expected 7, observed 0")
                .hasMessageNotContaining("thread 3");
    }

    @Test
    void anOptionDisturbsNoThread() {
        process.notReady(new CapsException("x", 0, "", "made up", false, List.of()));
        Phase.Initial patient = initial.answerWithin(Duration.ofSeconds(60));
        assertThat(initial.answerWithin(Duration.ofSeconds(60))).isSameAs(patient);
        assertThat(patient.allowIoUring()).isNotNull();
        assertThatThrownBy(patient.allowIoUring()::dropAll).hasMessage("x: made up");
    }

    @Test
    void aVirtualThreadBorrowsAPlatformThread() throws InterruptedException {
        AtomicReference<Boolean> virtual = new AtomicReference<>();
        process.beforeEachRound(() -> virtual.set(Thread.currentThread().isVirtual()));
        assertThat(onVirtualThread(initial::dropAll)).isNull();
        assertThat(virtual).hasValue(false);
    }

    @Test
    void aPlatformThreadMakesItsOwnCalls() {
        AtomicReference<Thread> caller = new AtomicReference<>();
        process.beforeEachRound(() -> caller.set(Thread.currentThread()));
        initial.dropAll();
        assertThat(caller).hasValue(Thread.currentThread());
    }

    @Test
    void anInterruptedVirtualThreadWaitsAndStaysInterrupted() throws InterruptedException {
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
    void anErrorOfTheJvmReachesTheVirtualThreadAsItWas() throws InterruptedException {
        OutOfMemoryError error = new OutOfMemoryError("made up");
        process.beforeEachRound(() -> {
            throw error;
        });
        assertThat(onVirtualThread(initial::dropAll)).isSameAs(error);
    }
}
