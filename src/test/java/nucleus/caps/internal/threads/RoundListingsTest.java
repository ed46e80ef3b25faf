package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import nucleus.caps.internal.sys.Errno;
import org.junit.jupiter.api.Test;

/** What a round makes of listings: it misses no thread. */
class RoundListingsTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static List<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).toList();
    }

    @Test
    void asksAThreadThatAppears() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> {}).then(() -> tasks.live(2).show(true));

        Outcome outcome = tasks.run(LONG);

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2);
        assertThat(outcome.effort().listings()).isEqualTo(3);
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
    }

    @Test
    void settlesOnACleanListingOnly() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> {}).then(() -> tasks.show(false)).then(() -> tasks.show(false))
                .then(() -> tasks.show(false)).then(() -> tasks.live(2).show(true));

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
        assertThat(outcome.effort().unclean()).isEqualTo(3);
        assertThat(outcome.effort().listings()).isEqualTo(6);
    }

    @Test
    void doesNotSettleOnTheListingThatShowsAStranger() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> {}).then(() -> tasks.live(2).show(true)).then(() -> tasks.live(3).show(true));

        assertThat(tids(tasks.run(LONG))).containsExactly(SELF, 1, 2, 3);
    }

    /** The thread may have created others after the listing had passed. */
    @Test
    void asksTheChildOfAThreadThatIsGoneBeforeItIsAsked() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> tasks.show(tasks.entry(SELF), tasks.entry(1), tasks.entry(2)))
                .then(() -> tasks.show(tasks.entry(SELF), tasks.entry(1), tasks.entry(3)))
                .then(() -> tasks.live(4).show(true));

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 4);
        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 3, 4);
        assertThat(outcome.effort().ended()).isEqualTo(2);
    }

    @Test
    void asksTheChildOfAThreadThatEndsInsteadOfAnswering() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, ask) -> {
            tasks.end(2).live(3).show(true);
            return 0;
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 3);
        assertThat(outcome.effort().ended()).isEqualTo(1);
    }

    @Test
    void asksAgainWhenAThreadThatIsSaidToBeGoneIsListed() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, ask) -> {
            tasks.on(2, tasks::answers);
            return -Errno.ESRCH.number();
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 2);
        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
    }

    /** The thread is silent, has no stat file for a moment, and is in every listing. */
    @Test
    void asksAgainWhenASilentThreadThatSeemsGoneIsListed() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, (tid, ask) -> {
            tasks.end(2).on(2, tasks::answers);
            tasks.then(() -> {}).then(() -> tasks.live(2));
            return 0;
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(tasks.signalled).containsExactly(SELF, 2, 1, 2);
        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2);
    }

    @Test
    void leavesOutAThreadThatHasAnsweredAndEnded() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> {}).then(() -> tasks.end(1).show(true));

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 2);
    }
}
