package nucleus.caps.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** A call as numbers, pointers and offsets. */
class CallTest {

    private static final Call.Memory NONE = content -> {
        throw new AssertionError("nothing is to be stored");
    };

    @Test
    void fillsTheRegistersItDoesNotUse() {
        assertThat(Call.of(7, 1, -2).registers(NONE)).containsExactly(7, 1, -2, 0, 0, 0, 0);
        assertThat(Call.of(Syscall.GETPID).registers(NONE)).containsExactly(Syscall.GETPID.number(), 0, 0, 0, 0, 0, 0);
    }

    @Test
    void takesSixArgumentsAtMost() {
        assertThat(Call.of(1, 1, 2, 3, 4, 5, 6).registers(NONE)).containsExactly(1, 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> Call.of(1, 1, 2, 3, 4, 5, 6).with(7)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void copiesWhatAPointerPointsTo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment content = arena.allocateFrom(JAVA_LONG, 5);
            Call call = Call.of(1).with(content).with(2);
            content.set(JAVA_LONG, 0, 6);

            long[] registers = call.registers(stored -> stored.get(JAVA_LONG_UNALIGNED, 0));

            assertThat(registers).containsExactly(1, 5, 2, 0, 0, 0, 0);
        }
    }

    @Test
    void marksOffsetsIntoOwnMemory() {
        Call call = Call.of(1).withOwn(8).with(3).withOwn(16);

        assertThat(call.registers(NONE)).containsExactly(1, 8, 3, 16, 0, 0, 0);
        assertThat(call.ownArguments()).isEqualTo(0b101);
        assertThat(Call.of(1, 8, 3, 16).ownArguments()).isZero();
    }

    @Test
    void writesAMergeAsACallWithANegativeNumber() {
        Call merge = Call.merge(4, 1, 8, 2, 3);

        assertThat(merge.registers(NONE)).containsExactly(-1, 4, 8, 1, 2, 3, 0);
        assertThat(merge.ownArguments()).isEqualTo(0b11);
    }
}
