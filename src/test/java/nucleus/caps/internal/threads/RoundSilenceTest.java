package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import nucleus.caps.internal.sys.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a round does about threads that do not answer. */
class RoundSilenceTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);

    private static List<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).toList();
    }

    private static ModelTasks silent(int tid, TaskStat stat) {
        return new ModelTasks(1).live(tid, tid, stat).show(true).on(tid, (t, ask) -> 0);
    }

    @Test
    void waitsForAThreadThatAnswersLate() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, ask) -> {
            for (int i = 0; i < 50; i++) {
                tasks.later(() -> {});
            }
            tasks.later(() -> tasks.answers(tid, ask));
            return 0;
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
        assertThat(tasks.signalled).as("each is asked once").containsExactly(SELF, 2, 1);
    }

    @Test
    void namesAThreadThatDoesNotAnswer() {
        ModelTasks tasks = silent(2, new TaskStat('S', 0, false));
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.silent()).containsExactly(2);
        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.reason()).isEmpty();
        assertThat(tids(outcome)).containsExactlyInAnyOrder(SELF, 1);
        assertThat(round.awaitsNobody()).isFalse();
    }

    @Test
    void namesTheCallingThread() {
        ModelTasks tasks = new ModelTasks(1).on(SELF, (tid, ask) -> 0);

        Outcome outcome = tasks.run(SHORT);

        assertThat(outcome.silent()).containsExactly(SELF);
        assertThat(outcome.begun()).isFalse();
        assertThat(outcome.living()).isEmpty();
        assertThat(tasks.signalled).containsExactly(SELF);
    }

    /** It calls, so it lives, whatever /proc says. */
    @Test
    void namesTheCallingThreadThoughItSeemsGone() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.on(SELF, (tid, ask) -> {
            tasks.end(SELF);
            return 0;
        });

        assertThat(tasks.run(SHORT).silent()).containsExactly(SELF);
    }

    @ParameterizedTest
    @ValueSource(chars = {'Z', 'X'})
    void doesNotAwaitAThreadThatHasEnded(char state) {
        Round round = silent(2, new TaskStat(state, 0, true)).round(LONG);
        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1);
        assertThat(outcome.workers()).isEmpty();
        assertThat(outcome.effort().ended()).isEqualTo(1);
        assertThat(round.awaitsNobody()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {0x10, 0x4000})
    void reportsAWorkerOfTheKernel(long flags) {
        Round round = silent(2, new TaskStat('S', flags, true)).round(LONG);
        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.workers()).containsExactly(2);
        assertThat(tids(outcome)).containsExactly(SELF, 1);
        assertThat(outcome.effort().ended()).isZero();
        assertThat(outcome.reason()).isEmpty();
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void namesAThreadThatBlocksTheSignal() {
        Outcome outcome = silent(2, new TaskStat('S', 0, true)).run(SHORT);

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).containsExactly(2);
        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason).hasMessage("Scope.PROCESS: these"
                + " threads block signal 33, which this library uses to reach every thread"));
    }

    /** The deadline passes during the listing. */
    @Test
    void saysThatAThreadBlocksTheSignalThoughTheListingIsSlow() {
        ModelTasks tasks = silent(2, new TaskStat('S', 0, true));
        tasks.slow(SHORT.multipliedBy(3).dividedBy(4));

        Outcome outcome = tasks.run(SHORT);

        assertThat(outcome.silent()).containsExactly(2);
        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason).hasMessageContaining("block signal 33"));
    }

    @Test
    void waitsForAThreadThatBlocksTheSignalForAMoment() {
        ModelTasks tasks = new ModelTasks(1).live(2, 2, new TaskStat('S', 0, true)).show(true);
        long began = tasks.time();
        tasks.on(2, (tid, ask) -> {
            tasks.later(new Runnable() {
                @Override
                public void run() {
                    if (tasks.time() - began < 30_000_000) {
                        tasks.later(this);
                    } else {
                        tasks.answers(tid, ask);
                    }
                }
            });
            return 0;
        });

        assertThat(tasks.run(LONG).settled()).isTrue();
    }

    @Test
    void awaitsAThreadThatCannotBeJudged() {
        ModelTasks tasks = silent(2, TaskStat.unknown());
        tasks.then(() -> {}).then(() -> tasks.show(tasks.entry(SELF), tasks.entry(1)));

        assertThat(tasks.run(SHORT).silent()).containsExactly(2);
    }

    @Test
    void namesTheThreadWithTheIdThatWasAskedLast() {
        ModelTasks tasks = silent(2, new TaskStat('S', 0, false));
        tasks.then(() -> {}).then(() -> tasks.live(2, 77, new TaskStat('S', 0, false)).show(true));
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.silent()).containsExactly(2);
        assertThat(outcome.effort().recycled()).isEqualTo(1);
        assertThat(round.awaitsNobody()).isFalse();
    }

    /** The listing may show a new directory of the same thread, which still has the signal pending. */
    @Test
    void keepsTheHandlerWhenAnIdChangesHandsAndTheRoundEnds() {
        ModelTasks tasks = silent(2, new TaskStat('S', 0, false));
        tasks.then(() -> {}).then(() -> tasks.live(2, 77, new TaskStat('S', 0, false)).show(true)).then(() -> {
            throw Errno.of(-1).exception("getdents64()", "no");
        });
        Round round = tasks.round(LONG);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.settled()).isFalse();
        assertThat(round.awaitsNobody()).isFalse();
    }

    /** The deadline passes while one thread cannot be asked. Another has answered in the meantime. */
    @Test
    void doesNotNameAThreadThatHasAnswered() {
        ModelTasks tasks = new ModelTasks(1, 2, 3).on(1, (tid, ask) -> -Errno.EAGAIN.number()).on(3, (tid, ask) -> 0);

        Outcome outcome = tasks.run(SHORT);

        assertThat(outcome.silent()).containsExactly(3);
        assertThat(tids(outcome)).containsExactlyInAnyOrder(SELF, 2);
    }
}
