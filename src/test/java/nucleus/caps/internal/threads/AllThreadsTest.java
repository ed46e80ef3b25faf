package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;

/** Programs that change nothing, on all threads of the JVM that runs this test. */
class AllThreadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EBADF = 9;

    private final AllThreads all = AllThreads.prepare();

    private Outcome ask(Call... questions) {
        return all.run(Raw.asking(questions), PATIENCE, answer -> true);
    }

    private static Set<Integer> tids(Outcome outcome) {
        return outcome.living().stream().map(Answer::tid).collect(Collectors.toSet());
    }

    @Test
    void letsEveryThreadAnswerForItself() {
        Set<Integer> before = Raw.names().keySet();
        Outcome outcome = ask(Raw.GETPID, Raw.GETTID);
        Set<Integer> throughout = before.stream().filter(Raw.names().keySet()::contains).collect(Collectors.toSet());

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.begun()).isTrue();
        assertThat(outcome.silent()).isEmpty();
        assertThat(outcome.reason()).isEmpty();
        assertThat(outcome.living()).allSatisfy(answer -> {
            assertThat(answer.results()).containsExactly(Raw.getpid(), answer.tid());
            assertThat(answer.refused()).isEqualTo(Answer.NONE);
        });
        assertThat(outcome.living().getFirst().tid()).isEqualTo(Raw.gettid());
        assertThat(tids(outcome)).containsAll(throughout);
        assertThat(outcome.living()).as("threads of a JVM").hasSizeGreaterThan(5).extracting(Answer::tid)
                .doesNotHaveDuplicates();
    }

    @Test
    void runsAnEmptyProgram() {
        Outcome outcome = ask();

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).hasSizeGreaterThan(5).allMatch(answer -> answer.results().length == 0);
    }

    @Test
    void asksNoOtherThreadWhenTheFirstAnswerIsNotAccepted() {
        Raw.Tally tally = new Raw.Tally();

        Outcome outcome = all.run(Raw.changing(tally.call(), Call.of(Syscall.CLOSE, -1), tally.call()), PATIENCE,
                answer -> answer.refused() == Answer.NONE);

        assertThat(tally.count()).isEqualTo(1);
        assertThat(outcome.living()).singleElement().satisfies(answer -> {
            assertThat(answer.tid()).isEqualTo(Raw.gettid());
            assertThat(answer.refused()).isEqualTo(1);
            assertThat(answer.errno()).isEqualTo(EBADF);
        });
        assertThat(outcome.effort().signals()).isEqualTo(1);
        assertThat(outcome.begun()).isFalse();
        assertThat(outcome.settled()).isFalse();
    }

    @Test
    void asksEveryThreadWhenARefusalIsAccepted() {
        Outcome outcome = all.run(Raw.changing(Call.of(Syscall.CLOSE, -1)), PATIENCE, answer -> true);

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).hasSizeGreaterThan(5).allMatch(answer -> answer.errno() == EBADF);
    }

    @Test
    void refusesAProgramThatIsTooLong() {
        Call[] tooMany = Collections.nCopies(20_000, Raw.GETPID).toArray(Call[]::new);
        Call tooMuch = Raw.GETPID.with(MemorySegment.ofArray(new byte[1 << 20]));

        assertThatThrownBy(() -> ask(tooMany)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ask(tooMuch)).isInstanceOf(IllegalArgumentException.class);

        Outcome outcome = ask(Collections.nCopies(1_000, Raw.GETTID).toArray(Call[]::new));
        assertThat(outcome.living()).hasSizeGreaterThan(5)
                .allSatisfy(answer -> assertThat(answer.results()).hasSize(1_000).containsOnly(answer.tid()));
    }

    @Test
    void gives64KilobytesToEachThread() {
        Outcome outcome = all.run(new Program(List.of(), List.of(Raw.GETTID), 1 << 16), PATIENCE, answer -> true);

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).hasSizeGreaterThan(5).allMatch(answer -> answer.memory().length == 1 << 16);
    }

    /** Each further room takes a new block, which is never unmapped. */
    @Test
    void hasFewRoomsForManyNumbersOfThreads() {
        assertThat(IntStream.rangeClosed(1, 20_000).map(threads -> AllThreads.room(threads, 1 << 10)).distinct())
                .containsExactly(1 << 14, 1 << 15, 1 << 16, 1 << 17, 1 << 18);
        assertThat(IntStream.rangeClosed(1, 20_000)).allMatch(threads -> AllThreads.room(threads, 1 << 10) >= 8 * threads);
        assertThat(AllThreads.room(1, 1 << 20)).as("fewer large answers").isEqualTo(64);
        assertThat(AllThreads.room(9, 1 << 20)).isEqualTo(128);
    }

    @Test
    void leavesTheActionOfTheSignalAsItWas() {
        String before = Raw.action();

        ask();
        all.run(Raw.asking(Raw.GETTID), PATIENCE, answer -> false);

        assertThat(Raw.action()).isEqualTo(before);
    }

    @Test
    void leavesTheActionOfTheSignalAsItWasWhenTheJudgeFails() {
        String before = Raw.action();

        assertThatThrownBy(() -> all.run(Raw.asking(), PATIENCE, answer -> {
            throw new IllegalStateException("judge");
        })).hasMessage("judge");

        assertThat(Raw.action()).isEqualTo(before);
        assertThat(ask(Raw.GETTID).settled()).isTrue();
    }

    @Test
    void refusesAVirtualThread() {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> outcome = executor.submit(() -> ask());

            assertThatExceptionOfType(ExecutionException.class).isThrownBy(outcome::get)
                    .withCauseInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void takesAnyDeadline() {
        Outcome outcome = all.run(Raw.asking(Raw.GETTID), Duration.ofDays(1_000_000), answer -> true);

        assertThat(outcome.settled()).isTrue();
        assertThat(outcome.living()).hasSizeGreaterThan(5);
        assertThat(all.statusFiles(Duration.ofDays(1_000_000))).hasSizeGreaterThan(5);
    }

    @Test
    void isPreparedOnce() {
        assertThat(AllThreads.prepare()).isSameAs(all);
        assertThat(all.self()).isEqualTo(Raw.gettid());
    }

    @Test
    void runsOneProgramAtATime() throws InterruptedException, ExecutionException {
        ThreadFactory platform = Thread.ofPlatform().daemon().factory();
        try (ExecutorService executor = Executors.newFixedThreadPool(4, platform)) {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Call[] calls = Collections.nCopies(1 + i % 7, Raw.GETTID).toArray(Call[]::new);
                outcomes.add(executor.submit(() -> ask(calls)));
            }
            for (int i = 0; i < 40; i++) {
                int calls = 1 + i % 7;
                Outcome outcome = outcomes.get(i).get();
                assertThat(outcome.settled()).isTrue();
                assertThat(outcome.living()).hasSizeGreaterThan(5)
                        .allSatisfy(answer -> assertThat(answer.results()).hasSize(calls).containsOnly(answer.tid()));
            }
        }
    }
}
