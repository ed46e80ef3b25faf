package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a round does about threads that did not answer an earlier round. */
class UnansweredTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final TaskStat BLOCKING = new TaskStat('S', 0, true);
    private static final TaskStat OPEN = new TaskStat('S', 0, false);

    /** Thread 2 was asked once and blocks the signal. Every later signal to it would be answered. */
    private final ModelTasks tasks = new ModelTasks(1).live(2, 2, BLOCKING).show(true).on(2, (tid, ask) -> 0);

    private Outcome ask() {
        Outcome outcome = tasks.run(SHORT);
        assertThat(outcome.silent()).containsExactly(2);
        tasks.signalled.clear();
        tasks.on(2, tasks::answers);
        return outcome;
    }

    @Test
    void asksNobodyWhileAThreadBlocksTheSignalOfAnEarlierRound() {
        Outcome first = ask();
        for (int i = 0; i < 3; i++) {
            Round round = tasks.round(SHORT);
            Outcome outcome = round.run(answer -> true);

            assertThat(tasks.signalled).isEmpty();
            assertThat(outcome.silent()).containsExactly(2);
            assertThat(outcome.reason().orElseThrow()).hasMessage(first.reason().orElseThrow().getMessage());
            assertThat(outcome.settled()).isFalse();
            assertThat(outcome.begun()).isFalse();
            assertThat(outcome.living()).isEmpty();
            assertThat(outcome.effort().signals()).isZero();
            assertThat(round.awaitsNobody()).as("the block can be used again").isTrue();
        }
    }

    @Test
    void refusesAtOnce() {
        ask();
        tasks.run(SHORT);
        long began = tasks.time();

        assertThat(tasks.run(SHORT).silent()).containsExactly(2);

        assertThat(tasks.time() - began).isLessThan(1_000_000);
    }

    /** A short round cannot say that a thread blocks the signal for good. */
    @Test
    void waitsInALongerRound() {
        ask();
        long began = tasks.time();

        assertThat(tasks.run(LONG).silent()).containsExactly(2);

        assertThat(tasks.time() - began).isBetween(Duration.ofSeconds(9).toNanos(), Duration.ofSeconds(11).toNanos());
        assertThat(tasks.signalled).isEmpty();
    }

    @Test
    void goesOnWhenTheThreadUnblocksTheSignalMeanwhile() {
        ask();
        for (int i = 0; i < 10; i++) {
            tasks.later(() -> {});
        }
        tasks.later(() -> tasks.live(2, 2, OPEN));

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1);
    }

    @Test
    void asksAThreadThatDoesNotBlockTheSignalAnyMore() {
        ask();
        tasks.live(2, 2, OPEN);

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1);
    }

    /** It is asked as every other thread, although it blocks the signal again. */
    @Test
    void forgetsAThreadThatHasUnblockedTheSignal() {
        ask();
        tasks.live(2, 2, OPEN);
        tasks.run(LONG);
        tasks.live(2, 2, BLOCKING);
        tasks.signalled.clear();

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1);
    }

    @Test
    void forgetsAThreadThatHasEnded() {
        ask();
        tasks.end(2).show(true);

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 1);
    }

    @Test
    void asksANewThreadWithTheIdOfAForgottenOne() {
        ask();
        tasks.live(2, 77, BLOCKING).show(true);

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1);
    }

    @Test
    void asksASilentThreadThatDoesNotBlockTheSignal() {
        tasks.live(2, 2, OPEN);
        ask();

        assertThat(tasks.run(LONG).settled()).isTrue();

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1);
    }

    @Test
    void remembersTheCallingThread() {
        ModelTasks own = new ModelTasks(1).live(SELF, 4711, BLOCKING).show(true).on(SELF, (tid, ask) -> 0);
        assertThat(own.run(SHORT).silent()).containsExactly(SELF);
        own.signalled.clear();

        assertThat(own.run(SHORT).silent()).containsExactly(SELF);

        assertThat(own.signalled).isEmpty();
    }
}
