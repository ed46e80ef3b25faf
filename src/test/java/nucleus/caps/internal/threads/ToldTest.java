package nucleus.caps.internal.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who blocks the signal, and who is no thread that could answer. */
class ToldTest {

    private static final String BLOCKS = "Name:\tx\nSigBlk:\t0000000100000000\n";
    private static final String DOES_NOT = "Name:\tx\nSigBlk:\tfffffffeffffffff\n";
    private static final int TID = 7;

    private static Told told(String status, char state, long flags) {
        return Told.of(TID, status, new ModelTasks().live(TID, state, flags, TID));
    }

    @Test
    void whoDoesNotBlockItIsNotLookedAt() {
        assertThat(told(DOES_NOT, 'Z', 0x10)).isEqualTo(new Told(TID, DOES_NOT, false, false));
    }

    @Test
    void whoBlocksIt() {
        assertThat(told(BLOCKS, 'S', 0x40)).isEqualTo(new Told(TID, BLOCKS, true, false));
    }

    @Test
    void whoCannotBeJudgedBlocksIt() {
        assertThat(told(BLOCKS, TaskStat.UNKNOWN, 0).blocks()).isTrue();
    }

    /** A zombie has every signal blocked. */
    @ParameterizedTest
    @ValueSource(chars = {'Z', 'X', TaskStat.GONE})
    void whoHasEnded(char state) {
        assertThat(told(BLOCKS, state, 0)).isEqualTo(new Told(TID, BLOCKS, false, false));
    }

    @ParameterizedTest
    @ValueSource(longs = {0x10, 0x4000})
    void whoIsAThreadOfTheKernel(long flags) {
        assertThat(told(BLOCKS, 'S', flags)).isEqualTo(new Told(TID, BLOCKS, false, true));
    }

    @Test
    void aFileThatDoesNotTellIsRefused() {
        assertThatExceptionOfType(CapsException.class).isThrownBy(() -> told("Name:\tx\n", 'S', 0))
                .withMessage("read(/proc/self/task/7/status): the file has no line \"SigBlk\"");
    }
}
