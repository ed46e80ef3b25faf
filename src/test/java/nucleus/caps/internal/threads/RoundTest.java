package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.concurrent.atomic.AtomicInteger;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

/** Who is asked, when a round ends, and what is said of those that did not answer. */
class RoundTest {

    private static final long LONG = 60_000_000_000L;
    private static final long SHORT = 20_000_000L;
    private static final int EAGAIN = 11;
    private static final int EPERM = 1;

    @Test
    void everyThreadIsAskedOnceTheCallingOneFirst() {
        ModelTasks tasks = new ModelTasks(1, 2, 3);

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.answers()).containsOnlyKeys(SELF, 1, 2, 3).containsEntry(2, new Answer(2, 1, 2));
        assertThat(outcome.answers().keySet().iterator().next()).isEqualTo(SELF);
        assertThat(tasks.signalled).containsExactly(SELF, 1, 2, 3);
        assertThat(outcome.effort().listings()).as("one with news, two without").isEqualTo(3);
    }

    @Test
    void whereTheCallingThreadFailsNobodyElseIsAsked() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(SELF, tid -> tasks.answers(tid, 4, -EPERM));
        Round round = tasks.round(LONG);

        Outcome outcome = round.run();

        assertThat(tasks.signalled).containsExactly(SELF);
        assertThat(outcome.failures()).containsExactly(new Answer(SELF, 4, -EPERM));
        assertThat(outcome.complete()).isFalse();
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void whereAnotherFailsAllAreAskedStill() {
        ModelTasks tasks = new ModelTasks(1, 2, 3);
        tasks.on(1, tid -> tasks.answers(tid, 0, -EPERM));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.answers()).hasSize(4);
        assertThat(outcome.failures()).containsExactly(new Answer(1, 0, -EPERM));
    }

    @Test
    void noRoomForTheFirstSignalIsARefusal() {
        ModelTasks tasks = new ModelTasks(1).on(SELF, tid -> -EAGAIN);
        Round round = tasks.round(LONG);

        assertThatExceptionOfType(CapsException.class).isThrownBy(round::run)
                .matches(e -> !e.changed() && e.errno() == EAGAIN).withMessageContaining("RLIMIT_SIGPENDING");
        assertThat(tasks.signalled).containsExactly(SELF);
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void noRoomForAnotherIsTriedAgain() {
        ModelTasks tasks = new ModelTasks(1);
        AtomicInteger times = new AtomicInteger();
        tasks.on(1, tid -> times.incrementAndGet() < 5 ? -EAGAIN : tasks.answers(tid, 1, 1));

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.effort().refused()).isEqualTo(4);
    }

    @Test
    void noRoomUntilTheDeadlineIsSilence() {
        ModelTasks tasks = new ModelTasks(1, 2).on(1, tid -> -EAGAIN);

        Outcome outcome = tasks.round(SHORT).run();

        assertThat(outcome.silent()).containsExactly(1);
        assertThat(outcome.complete()).isFalse();
        assertThat(outcome.answers()).containsOnlyKeys(SELF, 2);
    }

    @Test
    void whoDoesNotAnswerIsNamed() {
        ModelTasks tasks = new ModelTasks(1, 2, 3).on(2, tid -> 0);
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run();

        assertThat(outcome.silent()).containsExactly(2);
        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.answers()).containsOnlyKeys(SELF, 1, 3);
        assertThat(round.awaitsNobody()).isFalse();
    }

    @Test
    void theCallingThreadCanBeSilent() {
        ModelTasks tasks = new ModelTasks(1).on(SELF, tid -> 0);

        assertThat(tasks.round(SHORT).run().silent()).containsExactly(SELF);
        assertThat(tasks.signalled).containsExactly(SELF);
    }

    @Test
    void whoEndsInsteadOfAnsweringIsNotMissed() {
        ModelTasks tasks = new ModelTasks(1, 2, 3);
        tasks.on(1, tid -> {
            tasks.stats.remove(1);
            return 0;
        }).on(2, tid -> {
            tasks.live(2, 'Z', 0, 2);
            return 0;
        });

        Outcome outcome = tasks.round(LONG).run();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.answers()).containsOnlyKeys(SELF, 3);
        assertThat(outcome.effort().ended()).isEqualTo(2);
    }

    @Test
    void whereNewThreadsNeverEndItIsSaid() {
        ModelTasks tasks = new ModelTasks();
        AtomicInteger next = new AtomicInteger(SELF);
        tasks.then(new Runnable() {
            @Override
            public void run() {
                tasks.live(next.incrementAndGet()).show(true).then(this);
            }
        });
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run();

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).isEmpty();
        assertThat(outcome.complete()).isFalse();
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void aListingThatFailsIsThrownAsAChange() {
        ModelTasks tasks = new ModelTasks(1).then(() -> {
            throw Refusals.of("getdents64()", -EPERM, "no");
        });

        assertThatExceptionOfType(CapsException.class).isThrownBy(tasks.round(LONG)::run)
                .matches(CapsException::changed);
    }
}
