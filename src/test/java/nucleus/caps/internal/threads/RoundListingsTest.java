package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a round makes of the listings: it must miss nobody, and ask nobody twice. */
class RoundListingsTest {

    private static final long LONG = 60_000_000_000L;
    private static final long IO_WORKER = 0x10 | 0x4000;

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

    @Test
    void aLeaderThatHasEndedIsNotAskedAndDoesNotDelay() {
        ModelTasks tasks = new ModelTasks(1).live(2, 'Z', 0, 2).show(true);

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.complete()).isTrue();
        assertThat(tasks.signalled).containsExactly(SELF, 1);
        assertThat(outcome.effort().listings()).isEqualTo(3);
    }

    @Test
    void kernelWorkersAreNotAsked() {
        ModelTasks tasks = new ModelTasks(1).live(2, 'S', IO_WORKER, 2).show(true);

        assertThat(tasks.round(LONG).run().complete()).isTrue();
        assertThat(tasks.signalled).containsExactly(SELF, 1);
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

        Outcome outcome = tasks.round(LONG).run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2, 2);
        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.effort().ended()).isEqualTo(1);
    }

    /** Under memory pressure the kernel forgets the directory, and makes another: a program must not run twice. */
    @Test
    void aNewDirectoryOfTheSameThreadIsNoNewThread() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.then(() -> { }).then(() -> tasks.show(new Listing.Entry(SELF, 1000), new Listing.Entry(1, 1001),
                new Listing.Entry(2, 1002)));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(tasks.signalled).containsExactly(SELF, 1, 2);
        assertThat(outcome.effort().recycled()).isZero();
        assertThat(outcome.effort().listings()).isEqualTo(3);
    }

    /** Too many open files, for one: whoever cannot be judged is asked. */
    @Test
    void aThreadWithoutAReadableStatIsAsked() {
        ModelTasks tasks = new ModelTasks(1).live(2, TaskStat.UNKNOWN, 0, 0).show(true);

        assertThat(tasks.round(LONG).run().answers()).containsOnlyKeys(SELF, 1, 2);
        assertThat(tasks.signalled).containsExactly(SELF, 1, 2);
    }
}
