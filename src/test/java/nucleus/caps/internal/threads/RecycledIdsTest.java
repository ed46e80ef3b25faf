package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A round judges threads, not numbers: an id that goes to another thread makes that thread a new one. */
class RecycledIdsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final TaskStat SLEEPING = new TaskStat('S', 0, false);

    private static List<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).toList();
    }

    @Test
    void asksAgainWhenAnIdIsRecycled() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> {}).then(() -> tasks.live(2, 77, SLEEPING).show(true));

        Outcome outcome = tasks.run(LONG);

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 2);
        assertThat(outcome.effort().recycled()).isEqualTo(1);
        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).as("the second answer of 2").element(2).extracting(Answer::ask).isEqualTo(4);
    }

    /** The signal went to the thread before. Its successor has not seen it. */
    @Test
    void asksAgainWhenAnIdIsRecycledBeforeItAnswers() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, ask) -> {
            tasks.live(2, 77, SLEEPING).show(true).on(2, tasks::answers);
            return 0;
        });
        Round round = tasks.round(LONG);

        Outcome outcome = round.run(answer -> true);

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 2);
        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
        assertThat(outcome.effort().ended()).isEqualTo(1);
        assertThat(round.awaitsNobody()).isTrue();
    }

    /** The ended thread wrote its answer late: it says nothing of the thread that has its id now. */
    @Test
    void keepsAskingWhenAStaleAnswerOfARecycledIdArrives() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, stale) -> {
            tasks.live(2, 77, SLEEPING).show(true).on(2, (id, ask) -> {
                tasks.answers(id, stale);
                tasks.later(() -> {}).later(() -> tasks.answers(id, ask));
                return 0;
            });
            return 0;
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).extracting(Answer::tid).containsExactly(SELF, 1, 2);
        assertThat(outcome.living().get(2).ask()).as("the answer to the last ask").isEqualTo(4);
    }

    @Test
    void isSilentWhenOnlyAStaleAnswerOfARecycledIdArrives() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, stale) -> {
            tasks.live(2, 77, SLEEPING).show(true).on(2, (id, ask) -> tasks.answers(id, stale));
            return 0;
        });

        Outcome outcome = tasks.run(Duration.ofMillis(20));

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).containsExactly(2);
        assertThat(tids(outcome)).containsExactlyInAnyOrder(SELF, 1);
    }

    @Test
    void ignoresAnAnswerToAnUnknownAsk() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.on(1, (tid, ask) -> tasks.answers(tid, ask + 1));

        Outcome outcome = tasks.run(Duration.ofMillis(20));

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).containsExactly(1);
    }

    /** The kernel drops directories under memory pressure, and makes new ones. A thread may run a program twice. */
    @Test
    void asksAgainWhenTheDirectoryOfALivingThreadIsNew() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> {}).then(() -> tasks.show(new TaskListing.Entry(SELF, 1000), new TaskListing.Entry(1, 1),
                new TaskListing.Entry(2, 1002)));
        Round round = tasks.round(LONG);

        Outcome outcome = round.run(answer -> true);

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 2);
        assertThat(outcome.effort().recycled()).isEqualTo(1);
        assertThat(outcome.settled()).isTrue();
        assertThat(round.awaitsNobody()).isTrue();
    }
}
