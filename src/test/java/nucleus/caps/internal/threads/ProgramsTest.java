package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the handler makes of programs, on the calling thread. */
class ProgramsTest {

    private static final int EBADF = 9;
    private static final int ENOSYS = 38;
    private static final int PR_GET_NAME = 16;
    private static final Call BAD = Call.of(Syscall.CLOSE, -1);
    private static final Call UNKNOWN = Call.of(100_000);

    private final OnThisThread thread = new OnThisThread();

    @AfterEach
    void restore() {
        thread.close();
    }

    private static Program.Row row(Call call) {
        return new Program.Row(call, false);
    }

    private static Program.Row tolerated(Call call) {
        return new Program.Row(call, true);
    }

    @Test
    void answersAnEmptyProgram() {
        Answer answer = thread.run(new Program(List.of(), List.of(), 0));

        assertThat(answer).usingRecursiveComparison()
                .isEqualTo(new Answer(Raw.gettid(), 1, Answer.NONE, 0, new long[0], new byte[0]));
    }

    @Test
    void tellsTheResultOfEachQuestion() {
        Answer answer = thread.run(Raw.asking(Raw.GETTID, UNKNOWN, Raw.GETPID, BAD));

        assertThat(answer.results()).containsExactly(Raw.gettid(), -ENOSYS, Raw.getpid(), -EBADF);
        assertThat(answer.refused()).as("a question is no change").isEqualTo(Answer.NONE);
        assertThat(answer.errno()).isZero();
    }

    @Test
    void makesNoChangeAfterARefusedOneAndAsksNevertheless() {
        Raw.Tally tally = new Raw.Tally();
        Answer answer = thread.run(new Program(List.of(row(tally.call()), row(BAD), row(tally.call()), row(UNKNOWN)),
                List.of(Raw.GETTID, tally.call()), 0));

        assertThat(tally.count()).isEqualTo(2);
        assertThat(answer.refused()).isEqualTo(1);
        assertThat(answer.errno()).isEqualTo(EBADF);
        assertThat(answer.results()).containsExactly(Raw.gettid(), Long.BYTES);
    }

    @Test
    void goesOnAfterAToleratedRefusal() {
        Raw.Tally tally = new Raw.Tally();
        Answer answer = thread.run(new Program(List.of(tolerated(BAD), row(tally.call())), List.of(Raw.GETTID), 0));

        assertThat(tally.count()).isEqualTo(1);
        assertThat(answer.refused()).isZero();
        assertThat(answer.errno()).isEqualTo(EBADF);
        assertThat(answer.results()).containsExactly(Raw.gettid());
    }

    @Test
    void tellsTheLastRefusal() {
        Answer answer = thread.run(new Program(List.of(tolerated(BAD), row(Raw.GETPID), row(UNKNOWN), row(BAD)),
                List.of(), 0));

        assertThat(answer.refused()).isEqualTo(2);
        assertThat(answer.errno()).isEqualTo(ENOSYS);
    }

    @Test
    void tellsNoRefusalWhenEveryChangeSucceeds() {
        Answer answer = thread.run(Raw.changing(Raw.GETPID, Raw.GETTID));

        assertThat(answer.refused()).isEqualTo(Answer.NONE);
        assertThat(answer.errno()).isZero();
        assertThat(answer.results()).isEmpty();
    }

    @Test
    void givesEachThreadMemoryOfItsOwn() {
        Program program = new Program(List.of(), List.of(Call.of(Syscall.PRCTL, PR_GET_NAME).withOwn(8), Raw.GETTID), 40);

        Answer answer = thread.run(program);

        assertThat(answer.memory()).hasSize(40).startsWith(new byte[8]).endsWith(new byte[16]);
        assertThat(new String(answer.memory(), 8, 16, StandardCharsets.ISO_8859_1).replace("\0", ""))
                .isEqualTo(Raw.names().get(Raw.gettid()));
        assertThat(answer.results()).containsExactly(0, Raw.gettid());
    }

    @Test
    void putsOwnMemoryBehindTheResultsForChangesToo() {
        Call name = Call.of(Syscall.PRCTL, PR_GET_NAME).withOwn(0);
        Program program = new Program(List.of(row(name)), List.of(Raw.GETTID, Raw.GETPID), 16);

        Answer answer = thread.run(program);

        assertThat(answer.results()).containsExactly(Raw.gettid(), Raw.getpid());
        assertThat(new String(answer.memory(), StandardCharsets.ISO_8859_1).replace("\0", ""))
                .isEqualTo(Raw.names().get(Raw.gettid()));
    }

    @Test
    void readsThreePointersIntoOwnMemory() {
        Call ids = Call.of(Syscall.GETRESUID).withOwn(8).withOwn(0).withOwn(4);

        ByteBuffer memory = ByteBuffer.wrap(thread.run(new Program(List.of(), List.of(ids), 12)).memory())
                .order(ByteOrder.nativeOrder());

        int uid = (int) Raw.MACHINE.call(Syscall.GETUID);
        assertThat(new int[] {memory.getInt(0), memory.getInt(4), memory.getInt(8)}).containsOnly(uid);
    }

    /** A pipe gives the thread words that it has not got from anywhere else. */
    @Test
    void mergesWords() {
        int to = 0xF0F0_1234;
        int from = 0x0FFF_5678;
        MemorySegment ends = thread.machine.allocate(8);
        assertThat(thread.machine.call(Syscall.PIPE2, ends.address(), 0)).isZero();
        Call write = Call.of(Syscall.WRITE, ends.getAtIndex(JAVA_INT, 1))
                .with(MemorySegment.ofArray(new int[] {to, from})).with(8);
        Call read = Call.of(Syscall.READ, ends.getAtIndex(JAVA_INT, 0)).withOwn(0).with(8);
        Call merge = Call.merge(0, 0xFF00_FF00, 4, 0x00FF_00F0, 0x8000_0001);

        Answer answer = thread.run(new Program(List.of(row(write), row(read), row(merge)), List.of(Raw.GETTID), 8));

        ByteBuffer memory = ByteBuffer.wrap(answer.memory()).order(ByteOrder.nativeOrder());
        assertThat(answer.refused()).isEqualTo(Answer.NONE);
        assertThat(memory.getInt(0)).isEqualTo(to & 0xFF00_FF00 | from & 0x00FF_00F0 | 0x8000_0001);
        assertThat(memory.getInt(4)).as("the other word stays").isEqualTo(from);
    }
}
