package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ModelTasks.SELF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

/** What a round does when the kernel does not take a signal. */
class RoundRefusalsTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(20);
    private static final int EAGAIN = 11;
    private static final int EPERM = 1;

    private static List<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).toList();
    }

    @Test
    void throwsWhenThereIsNoRoomForTheFirstSignal() {
        ModelTasks tasks = new ModelTasks(1).on(SELF, (tid, ask) -> -EAGAIN);
        Round round = tasks.round(LONG);

        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> round.run(answer -> true))
                .matches(e -> !e.changed() && e.errno() == EAGAIN).withMessageContaining("RLIMIT_SIGPENDING");
        assertThat(tasks.signalled).containsExactly(SELF);
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void retriesWhileThereIsNoRoomForASignal() {
        ModelTasks tasks = new ModelTasks(1);
        AtomicInteger times = new AtomicInteger();
        tasks.on(1, (tid, ask) -> times.incrementAndGet() < 5 ? -EAGAIN : tasks.answers(tid, ask));

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.settled()).isTrue();
        assertThat(tids(outcome)).containsExactly(SELF, 1);
        assertThat(outcome.effort().refused()).isEqualTo(4);
        assertThat(tasks.paused).as("one after each").hasSize(4);
    }

    @Test
    void reportsEagainAtTheDeadline() {
        ModelTasks tasks = new ModelTasks(1, 2).on(1, (tid, ask) -> -EAGAIN);
        Round round = tasks.round(SHORT);

        Outcome outcome = round.run(answer -> true);

        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .hasMessage("rt_tgsigqueueinfo(1): EAGAIN: the thread cannot be signalled"));
        assertThat(outcome.settled()).isFalse();
        assertThat(outcome.effort().refused()).isGreaterThan(1);
        assertThat(tids(outcome)).as("2 has answered meanwhile").containsExactlyInAnyOrder(SELF, 2);
        assertThat(outcome.silent()).isEmpty();
        assertThat(round.awaitsNobody()).isTrue();
    }

    @Test
    void endsAtOnceWhenTheKernelRefusesASignal() {
        ModelTasks tasks = new ModelTasks(1, 2).on(2, (tid, ask) -> -EPERM);

        Outcome outcome = tasks.run(LONG);

        assertThat(outcome.reason()).hasValueSatisfying(reason -> assertThat(reason)
                .hasMessage("rt_tgsigqueueinfo(2): EPERM: the thread cannot be signalled"));
        assertThat(outcome.settled()).isFalse();
        assertThat(tasks.signalled).containsExactly(SELF, 2);
    }
}
