package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the files of a silent thread say of it. */
class TaskStatTest {

    private static final String REST = " S 1 2 3 4 5 4194368 7 8 9 10 11 12 13 14 15 16 17 18 9157 20 21";

    private static TaskStat stat(String text) {
        return TaskStat.of(text, Optional.empty());
    }

    private static String status(String pending, String blocked) {
        return "Name:\tx\nSigPnd:\t" + pending + "\nShdPnd:\t0000000000000000\nSigBlk:\t" + blocked
                + "\nSigIgn:\t0000000000000000\n";
    }

    @ParameterizedTest
    @ValueSource(chars = {'Z', 'X', TaskStat.GONE})
    void endsInThoseStates(char state) {
        assertThat(new TaskStat(state, 0, false).ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(chars = {'S', 'R', 'D', 'T', 't', TaskStat.UNKNOWN})
    void livesInThoseStates(char state) {
        assertThat(new TaskStat(state, 0, false).ended()).isFalse();
    }

    @Test
    void readsBehindAnyName() {
        assertThat(stat("123 (a) Z 0 (b)" + REST)).isEqualTo(new TaskStat('S', 4194368, false));
        assertThat(stat("123 (java)" + REST.replace(" S ", " Z ")).ended()).isTrue();
    }

    @Test
    void knowsAWorkerByItsFlagsAndItsBlockedSignals() {
        Optional<String> blocking = Optional.of(status("0000000100000000", "fffffffffffbfeff"));
        for (String flags : List.of("4194384", "4210752")) {
            assertThat(TaskStat.of("123 (java)" + REST.replace("4194368", flags), blocking).kernelWorker()).isTrue();
            assertThat(stat("123 (java)" + REST.replace("4194368", flags)).kernelWorker()).isFalse();
        }
        assertThat(TaskStat.of("123 (iou-wrk)" + REST, blocking).kernelWorker()).isFalse();
    }

    @Test
    void readsMasksAtTheVeryBeginningAndEnd() {
        String status = "\nSigPnd:\t0000000100000000\nSigBlk:\t0000000100000000";
        assertThat(TaskStat.of("123 (java)" + REST, Optional.of(status)).blocks()).isTrue();
    }

    @Test
    void knowsNothingOfAStatThatEndsBeforeTheFlags() {
        assertThat(stat("123 (java) S 1 2 3 4 5")).isEqualTo(TaskStat.unknown());
        assertThat(stat("123 (java) S 1 2 3 4 5 64")).isEqualTo(new TaskStat('S', 64, false));
    }

    /** A thread in the handler blocks every signal, but has taken this one. */
    @ParameterizedTest
    @CsvSource({
        "0000000100000000, 0000000100000000, true",
        "ffffffffffffffff, fffffffffffbfeff, true",
        "0000000000000000, 0000000100000000, false",
        "0000000100000000, 0000000000000000, false",
        "fffffffeffffffff, 0000000100000000, false",
        "0000000100000000, fffffffeffffffff, false",
    })
    void blocksTheSignalThatIsPending(String pending, String blocked, boolean blocks) {
        assertThat(TaskStat.of("1 (x)" + REST, Optional.of(status(pending, blocked))).blocks()).isEqualTo(blocks);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Name:\tx\n", "Name:\tx\nSigPnd:\t00000001", "\nSigPnd:\t0000000100000000\nSigBlk:\t1"})
    void blocksNothingWhenTheFileDoesNotTell(String status) {
        assertThat(TaskStat.of("1 (x)" + REST, Optional.of(status)).blocks()).isFalse();
        assertThat(stat("1 (x)" + REST).blocks()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "123", "123 (java)", "123 (java) S 1 2"})
    void knowsNothingOfAFileThatIsNotWhole(String text) {
        assertThat(stat(text)).isEqualTo(TaskStat.unknown());
    }
}
