package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import org.junit.jupiter.api.Test;

/** Which threads a round asks, in which order, and when it ends. */
class RoundTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int EPERM = 1;

    private static List<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).toList();
    }

    @Test
    void asksTheCallingThreadFirstThenTheYoungestFirst() {
        ModelTasks tasks = new ModelTasks(1, 2, 3);

        Outcome outcome = tasks.run(LONG);

        assertThat(tasks.signalled).containsExactly(SELF, 3, 2, 1);
        assertThat(tids(outcome)).containsExactly(SELF, 1, 2, 3);
        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.begun()).isTrue();
        assertThat(outcome.silent()).isEmpty();
        assertThat(outcome.workers()).isEmpty();
        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.effort().listings()).as("one with strangers, one without").isEqualTo(2);
        assertThat(outcome.effort().signals()).isEqualTo(4);
        assertThat(outcome.effort().unclean()).isZero();
        assertThat(outcome.effort().nanos()).isBetween(0L, LONG.toNanos());
    }

    @Test
    void looksLessOftenForAnAnswerThatDoesNotCome() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.on(1, (tid, ask) -> {
            for (int i = 0; i < 30; i++) {
                tasks.later(() -> {});
            }
            tasks.later(() -> tasks.answers(tid, ask));
            return 0;
        });

        assertThat(tasks.run(LONG).settled()).isTrue();
        assertThat(tasks.paused).hasSize(31).startsWith(20_000L, 25_000L, 31_250L).endsWith(500_000L, 500_000L);
    }

    @Test
    void givesEachAskItsOwnNumber() {
        ModelTasks tasks = new ModelTasks(1, 2);

        assertThat(tasks.run(LONG).living()).extracting(Answer::ask).doesNotHaveDuplicates().doesNotContain(0);
    }

    @Test
    void returnsTheAnswersUnchanged() {
        ModelTasks tasks = new ModelTasks(1);
        List<Answer> given = new ArrayList<>();
        tasks.on(1, (tid, ask) -> {
            given.add(new Answer(tid, ask, 3, EPERM, new long[] {7}, new byte[] {8}));
            return tasks.answers(given.getFirst());
        });

        assertThat(tasks.run(LONG).living().get(1)).isSameAs(given.getFirst());
    }

    @Test
    void asksNoOtherThreadWhenTheFirstAnswerIsNotAccepted() {
        ModelTasks tasks = new ModelTasks(1, 2);
        List<Answer> seen = new ArrayList<>();
        Round round = tasks.round(LONG);

        Outcome outcome = round.run(answer -> !seen.add(answer));

        assertThat(tasks.signalled).containsExactly(SELF);
        assertThat(tids(outcome)).containsExactly(SELF);
        assertThat(seen).isEqualTo(outcome.living());
        assertThat(outcome.begun()).isFalse();
        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).isEmpty();
        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.effort().listings()).isZero();
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void asksNoOtherThreadWhenTheFirstAnswerCannotBeJudged() {
        ModelTasks tasks = new ModelTasks(1);
        CapsException unknown = Errno.of(-EPERM).exception("capget()", "no");

        Outcome outcome = tasks.round(LONG).run(answer -> {
            throw unknown;
        });

        assertThat(tasks.signalled).containsExactly(SELF);
        assertThat(outcome.reason()).containsSame(unknown);
        assertThat(outcome.begun()).isFalse();
        assertThat(outcome.settled()).isFalse();
    }

    @Test
    void saysSoWhenTheSlotsOverflow() {
        ModelTasks tasks = new ModelTasks(1, 2);
        tasks.on(1, (tid, ask) -> {
            tasks.full = true;
            return 0;
        });
        Round round = tasks.round(LONG);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .hasMessageContaining("threads start faster than they can be signalled"));
        assertThat(outcome.silent()).containsExactly(1);
        assertThat(tids(outcome)).containsExactlyInAnyOrder(SELF, 2);
        assertThat(round.awaitsNobody()).isFalse();
    }

    @Test
    void saysSoWhenNewThreadsNeverEnd() {
        ModelTasks tasks = new ModelTasks();
        AtomicInteger next = new AtomicInteger(SELF);
        tasks.then(new Runnable() {
            @Override
            public void run() {
                tasks.live(next.incrementAndGet()).show(true).then(this);
            }
        });
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.silent()).isEmpty();
        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .hasMessageContaining("threads start faster than they can be signalled"));
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void hasNotBegunWhenTheFirstListingFails() {
        ModelTasks tasks = new ModelTasks(1).then(() -> {
            throw Errno.of(-EPERM).exception("getdents64()", "no");
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.begun()).isFalse();
        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason).hasMessage("getdents64(): EPERM: no"));
        assertThat(tasks.signalled).containsExactly(SELF);
    }

    @Test
    void isNotSettledWhenALaterListingFails() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.then(() -> {}).then(() -> {
            throw Errno.of(-EPERM).exception("getdents64()", "no");
        });

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.begun()).isTrue();
        assertThat(outcome.settled()).isFalse();
        assertThat(tids(outcome)).containsExactlyInAnyOrder(SELF, 1);
    }

    @Test
    void waitsForTheLongestDeadline() {
        ModelTasks tasks = new ModelTasks(1);
        tasks.on(1, (tid, ask) -> {
            tasks.later(() -> {}).later(() -> tasks.answers(tid, ask));
            return 0;
        });

        Outcome outcome = tasks.run(Duration.ofDays(1_000_000));

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1);
    }
}
