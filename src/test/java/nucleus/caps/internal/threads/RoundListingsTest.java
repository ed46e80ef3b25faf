package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a round makes of the listings: it must miss nobody, and ask nobody twice. */
class RoundListingsTest {

    private static final long LONG = 60_000_000_000L;
    private static final long SHORT = 20_000_000L;

    @Test
    void aThreadThatAppearsIsAskedAndTwoMoreListingsAreTaken() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> { }).then(() -> tasks.live(2).show(true));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2);
        assertThat(outcome.effort().listings()).isEqualTo(4);
    }

    @Test
    void oneQuietListingIsNotEnough() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> { }).then(() -> { }).then(() -> tasks.live(2).show(true));

        assertThat(tasks.round(LONG).run().answers()).containsOnlyKeys(SELF, 1, 2);
    }

    @Test
    void listingsThatMayHaveMissedSomebodyDoNotCount() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> { }).then(() -> tasks.show(false)).then(() -> tasks.show(false))
                .then(() -> tasks.show(false)).then(() -> tasks.live(2).show(true));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.answers()).containsOnlyKeys(SELF, 1, 2);
        assertThat(outcome.effort().unclean()).isEqualTo(3);
    }

    /** It was listed and is gone when it is asked: it may have created another, after the listing had passed. */
    @Test
    void aThreadThatCouldNotBeAskedMayLeaveAChild() {
        ModelTasks tasks = new ModelTasks(1);
        Listing.Entry self = new Listing.Entry(SELF, SELF);
        Listing.Entry one = new Listing.Entry(1, 1);
        tasks.then(() -> { }).then(() -> tasks.show(self, one, new Listing.Entry(2, 2)))
                .then(() -> tasks.show(self, one, new Listing.Entry(3, 3)))
                .then(() -> tasks.live(4).show(true));

        assertThat(tasks.round(LONG).run().answers()).containsOnlyKeys(SELF, 1, 4);
    }

    @Test
    void aThreadThatIsGoneAtTheLastMomentToo() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> { }).then(() -> tasks.live(2).on(2, tid -> -Refusals.ESRCH).show(true))
                .then(() -> { }).then(() -> {
                    tasks.stats.remove(2);
                    tasks.live(4).show(true);
                });

        assertThat(tasks.round(LONG).run().answers()).containsOnlyKeys(SELF, 1, 4);
    }

    /** It takes the signal, as every thread does: what it is, is looked at only when it is silent. */
    @ParameterizedTest
    @CsvSource({"Z, 0", "X, 0", "S, 0x10", "S, 0x4000"})
    void aLeaderThatHasEndedAndAWorkerOfTheKernelAreNotAwaited(char state, String flags) {
        ModelTasks tasks = new ModelTasks(1).live(2, state, Long.decode(flags), 2).show(true).on(2, tid -> 0);
        Round round = tasks.round(LONG);

        Outcome outcome = round.run();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.answers()).containsOnlyKeys(SELF, 1);
        assertThat(outcome.effort().ended()).isEqualTo(1);
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void anIdThatAnotherThreadGotIsAskedAgain() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> { }).then(() -> tasks.live(2, 'S', 0, 77).show(true));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2, 2);
        assertThat(outcome.effort().recycled()).isEqualTo(1);
        assertThat(outcome.complete()).isTrue();
    }

    /** The signal went to the one before: it must not be awaited for ever, and the new one be asked. */
    @Test
    void anIdThatAnotherThreadGotWhileAnAnswerWasAwaited() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(2, tid -> {
            tasks.live(2, 'S', 0, 77).show(true).on(2, next -> tasks.answers(next, 1, 2));
            return 0;
        });
        Round round = tasks.round(LONG);

        Outcome outcome = round.run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2, 2);
        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.effort().ended()).isEqualTo(1);
        assertThat(round.awaitsNobody()).as("it may be the same thread after all, and the handler must stay").isFalse();
    }

    /** Under memory pressure the kernel forgets the directory, and makes another: a round can be run twice. */
    @Test
    void aNewDirectoryOfTheSameThreadIsAskedOnceMore() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> { }).then(() -> tasks.show(new Listing.Entry(SELF, 1000), new Listing.Entry(1, 1),
                new Listing.Entry(2, 1002)));
        Round round = tasks.round(LONG);

        Outcome outcome = round.run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2, 2);
        assertThat(outcome.effort().recycled()).isEqualTo(1);
        assertThat(outcome.complete()).isTrue();
        assertThat(round.awaitsNobody()).isTrue();
    }

    /** Whether it is gone is not known, and so it is awaited. */
    @Test
    void aSilentThreadThatIsNotListedAndCannotBeJudgedIsNamed() {
        ModelTasks tasks = new ModelTasks(1, 2).live(2, TaskStat.UNKNOWN, 0, 2).on(2, tid -> 0);
        tasks.then(() -> { }).then(() -> tasks.show(new Listing.Entry(SELF, SELF), new Listing.Entry(1, 1)));

        assertThat(tasks.round(SHORT).run().silent()).containsExactly(2);
    }

    /** Too many open files, for one: whoever cannot be judged is asked. */
    @Test
    void aThreadWithoutAReadableStatIsAsked() {
        ModelTasks tasks = new ModelTasks(1).live(2, TaskStat.UNKNOWN, 0, 0).show(true);

        assertThat(tasks.round(LONG).run().answers()).containsOnlyKeys(SELF, 1, 2);
        assertThat(tasks.signalled).containsExactly(SELF, 1, 2);
    }
}
