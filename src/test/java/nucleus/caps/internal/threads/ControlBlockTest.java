package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The memory that a program and its answers are in. */
class ControlBlockTest {

    private static final int HEAD = 1 << 20;
    private static final int ROW = 64;
    private static final int RESULTS = 24;
    private static final Program EMPTY = new Program(List.of(), List.of(), 0);

    private final OnThisThread thread = new OnThisThread();

    @AfterEach
    void restore() {
        thread.close();
    }

    private static MemorySegment head(ControlBlock block) {
        return MemorySegment.ofAddress(block.address()).reinterpret(HEAD);
    }

    private static MemorySegment slots(ControlBlock block) {
        return MemorySegment.ofAddress(head(block).get(JAVA_LONG, 16)).reinterpret(1 << 16);
    }

    @Test
    void writesTheLayoutThatTheHandlerReads() {
        ControlBlock block = thread.block(5, 128);
        block.load(new Program(List.of(new Program.Row(Call.of(7, 1).withOwn(4), false),
                new Program.Row(Call.of(8), true)),
                List.of(Call.of(9).withOwn(0), Call.of(10).with(
                        MemorySegment.ofArray(new long[] {77}))),
                16));

        MemorySegment head = head(block);
        long rows = block.address() + 64;
        assertThat(head.asSlice(0, 40).toArray(JAVA_LONG)).containsExactly(rows + 2 * ROW, rows + 4 * ROW,
                slots(block).address(), 5, 128);
        assertThat(head.get(JAVA_INT, 40)).isEqualTo(Raw.getpid());
        int memory = RESULTS + 2 * Long.BYTES;
        long content = rows + 4 * ROW;
        assertThat(head.asSlice(64, 4 * ROW).toArray(JAVA_LONG)).containsExactly(
                7, 1, memory + 4, 0, 0, 0, 0, 2,
                8, 0, 0, 0, 0, 0, 0, 8,
                9, memory, 0, 0, 0, 0, 0, 1,
                10, content, 0, 0, 0, 0, 0, 0);
        assertThat(head.get(JAVA_LONG, content - block.address())).isEqualTo(77);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 32", "1, 0, 32", "2, 0, 64", "5, 0, 64", "6, 0, 128", "0, 40, 64", "0, 41, 128", "10, 1000, 2048"})
    void givesASlotAPowerOfTwo(int questions, int memory, int stride) {
        assertThat(ControlBlock.stride(new Program(List.of(), Collections.nCopies(questions, Raw.GETTID), memory)))
                .isEqualTo(stride);
    }

    @Test
    void hasRoomForWhatItWasMadeFor() {
        ControlBlock block = thread.block(5, 128);

        assertThat(block.has(5, 128)).isTrue();
        assertThat(block.has(6, 128)).isFalse();
        assertThat(block.has(5, 129)).isFalse();
    }

    /** A thread can be interrupted between its claim and its answer. */
    @Test
    void takesAnswersInTheOrderInWhichTheyCome() {
        ControlBlock block = thread.block(8, 32);
        block.load(EMPTY);
        MemorySegment slots = slots(block);
        slots.set(JAVA_INT, 0, 3);
        assertThat(block.take()).isEmpty();
        answer(slots, 2, 300);
        assertThat(block.take()).extracting(Answer::tid).containsExactly(300);
        assertThat(block.take()).isEmpty();
        answer(slots, 0, 100);
        slots.set(JAVA_INT, 0, 4);
        answer(slots, 3, 400);
        assertThat(block.take()).extracting(Answer::tid).containsExactlyInAnyOrder(100, 400);
        answer(slots, 1, 200);
        assertThat(block.take()).extracting(Answer::tid, Answer::ask)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(200, 201));
        assertThat(block.take()).isEmpty();
    }

    private static void answer(MemorySegment slots, int slot, int tid) {
        slots.set(JAVA_INT, 64 + slot * 32 + 4, tid + 1);
        slots.set(JAVA_INT, 64 + slot * 32, tid);
    }

    @Test
    void takesEachAnswerOnceWithItsAsk() {
        ControlBlock block = thread.loaded(Raw.asking(Raw.GETTID));
        thread.signal.install(block);
        thread.signal(41);
        thread.signal(42);

        assertThat(block.take()).extracting(Answer::ask).containsExactly(41, 42);
        assertThat(block.take()).isEmpty();
        thread.signal(43);
        assertThat(block.take()).extracting(Answer::ask).containsExactly(43);
    }

    @Test
    void forgetsTheAnswersToAnEarlierProgram() {
        ControlBlock block = thread.loaded(new Program(List.of(new Program.Row(Call.of(Syscall.CLOSE, -1), false)),
                List.of(Raw.GETTID), 0));
        thread.signal.install(block);
        thread.signal(1);
        block.load(EMPTY);
        assertThat(block.take()).isEmpty();

        thread.signal(2);

        assertThat(block.take()).usingRecursiveFieldByFieldElementComparator().containsExactly(
                new Answer(Raw.gettid(), 2, Answer.NONE, 0, new long[0], new byte[0]));
    }

    @Test
    void runsNothingWithoutASlot() {
        Raw.Tally tally = new Raw.Tally();
        Program program = Raw.changing(tally.call());
        ControlBlock block = thread.block(2, ControlBlock.stride(program));
        block.load(program);
        thread.signal.install(block);
        thread.signal(1);
        thread.signal(2);
        assertThat(block.overflowed()).isFalse();

        thread.signal(3);
        thread.signal(4);

        assertThat(block.overflowed()).isTrue();
        assertThat(tally.count()).isEqualTo(2);
        assertThat(block.take()).extracting(Answer::ask).containsExactly(1, 2);
        block.load(program);
        assertThat(block.overflowed()).isFalse();
        thread.signal(5);
        assertThat(block.take()).extracting(Answer::ask).containsExactly(5);
    }

    @Test
    void refusesAProgramThatIsTooLongAndTakesTheNext() {
        ControlBlock block = thread.loaded(EMPTY);
        MemorySegment tooMuch = MemorySegment.ofArray(new byte[HEAD]);
        List<Call> tooMany = Collections.nCopies(HEAD / ROW, Raw.GETPID);

        assertThatThrownBy(() -> block.load(new Program(List.of(), tooMany, 0)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1048576 bytes");
        assertThatThrownBy(() -> block.load(Raw.changing(Raw.GETPID.with(tooMuch))))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("1048576 bytes");

        block.load(EMPTY);
        thread.signal.install(block);
        thread.signal(1);
        assertThat(block.take()).hasSize(1);
    }
}
