package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

/** Programs that change nothing, on all threads of the JVM that runs this test. */
class AllThreadsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ENOSYS = 38;
    private static final int EBADF = 9;

    private final AllThreads all = AllThreads.prepare();

    private List<Integer> tids() {
        return all.told().stream().map(Told::tid).toList();
    }

    @Test
    void everyThreadAnswersForItself() {
        List<Integer> before = tids();
        Outcome outcome = all.run(List.of(Raw.GETPID, Raw.GETTID), PATIENCE);
        List<Integer> throughout = before.stream().filter(tids()::contains).toList();

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.failures()).isEmpty();
        assertThat(outcome.answers()).allSatisfy((tid, answer) ->
                assertThat(answer).isEqualTo(new Answer(tid, 2, tid)));
        assertThat(outcome.answers().keySet().iterator().next()).isEqualTo(Raw.gettid());
        assertThat(outcome.answers().keySet()).containsAll(throughout);
        assertThat(outcome.answers()).as("threads of a JVM").hasSizeGreaterThan(5);
    }

    @Test
    void anEmptyProgramIsAnsweredToo() {
        Outcome outcome = all.run(List.of(), PATIENCE);

        assertThat(outcome.complete()).isTrue();
        assertThat(outcome.answers().values()).allMatch(answer -> answer.executed() == 0 && answer.result() == 0);
    }

    @Test
    void aProgramEndsAtItsFirstErrorAndWhereTheCallerFailsNobodyElseIsAsked() {
        Outcome outcome = all.run(List.of(Raw.GETPID, Call.of(Raw.NUMBERS.close(), -1), Raw.GETTID), PATIENCE);

        assertThat(outcome.answers()).containsOnlyKeys(Raw.gettid());
        assertThat(outcome.failures()).containsExactly(new Answer(Raw.gettid(), 1, -EBADF));
        assertThat(outcome.failures().get(0).errno()).isEqualTo(EBADF);
        assertThat(outcome.effort().signals()).isEqualTo(1);
        assertThat(outcome.complete()).isFalse();
    }

    @Test
    void aCallThatTheKernelDoesNotKnow() {
        assertThat(all.run(List.of(Call.of(100_000)), PATIENCE).failures())
                .containsExactly(new Answer(Raw.gettid(), 0, -ENOSYS));
    }

    @Test
    void aProgramThatIsTooLongIsRefusedAndDoesNoHarm() {
        List<Call> tooMany = Collections.nCopies(20_000, Raw.GETPID);
        Call tooMuch = Call.of(Raw.NUMBERS.getpid()).with(MemorySegment.ofArray(new byte[1 << 20]));

        assertThatThrownBy(() -> all.run(tooMany, PATIENCE)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> all.run(List.of(tooMuch), PATIENCE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(all.run(Collections.nCopies(1_000, Raw.GETTID), PATIENCE).answers())
                .allSatisfy((tid, answer) -> assertThat(answer).isEqualTo(new Answer(tid, 1_000, tid)));
    }

    @Test
    void aCallHasSixArgumentsAtMost() {
        assertThatThrownBy(() -> Call.of(1, 1, 2, 3, 4, 5, 6).with(7)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theActionOfTheSignalIsAsBefore() {
        String before = Raw.action();

        all.run(List.of(), PATIENCE);
        all.run(List.of(Call.of(100_000)), PATIENCE);

        assertThat(Raw.action()).isEqualTo(before);
    }

    @Test
    void aVirtualThreadIsRefused() throws InterruptedException, ExecutionException {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Outcome> outcome = executor.submit(() -> all.run(List.of(), PATIENCE));

            assertThatExceptionOfType(ExecutionException.class).isThrownBy(outcome::get)
                    .withCauseInstanceOf(WrongThreadException.class);
        }
    }

    @Test
    void anotherCLibraryIsRefused() {
        assertThatThrownBy(() -> AllThreads.requireGlibc(name -> Optional.empty()))
                .isInstanceOf(UnsupportedOperationException.class).hasMessageContaining("glibc");
    }

    @Test
    void thereIsOneOfThem() {
        assertThat(AllThreads.prepare()).isSameAs(all);
        assertThat(all.blocking(Duration.ofSeconds(5))).isEmpty();
        assertThat(all.told()).noneMatch(Told::kernelWorker).extracting(Told::tid)
                .contains(Raw.gettid(), Raw.getpid()).doesNotHaveDuplicates();
    }

    @Test
    void callersTakeTurns() throws InterruptedException, ExecutionException {
        ThreadFactory platform = Thread.ofPlatform().daemon().factory();
        try (ExecutorService executor = Executors.newFixedThreadPool(4, platform)) {
            List<Future<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                int calls = 1 + i % 7;
                outcomes.add(executor.submit(() -> all.run(Collections.nCopies(calls, Raw.GETTID), PATIENCE)));
            }
            for (int i = 0; i < 40; i++) {
                int calls = 1 + i % 7;
                Outcome outcome = outcomes.get(i).get();
                assertThat(outcome.complete()).isTrue();
                assertThat(outcome.answers()).allSatisfy((tid, answer) ->
                        assertThat(answer).isEqualTo(new Answer(tid, calls, tid)));
            }
        }
    }
}
