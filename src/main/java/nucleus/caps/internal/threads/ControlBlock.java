package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.sys.Call;

/**
 * The memory that the handler works on. One region holds a program and the memory that its pointers point to. The other
 * holds a slot for each answering thread. {@code handler_*.S} defines the layout.
 *
 * <p>A block is never unmapped. After a round with a silent thread, the block is not written again: that thread may still
 * be running the program.
 */
final class ControlBlock implements Call.Memory {

    private static final long HEAD = 1 << 20;
    private static final long ALWAYS = 0;
    private static final long END = 8;
    private static final long SLOTS = 16;
    private static final long CAPACITY = 24;
    private static final long STRIDE = 32;
    private static final long PID = 40;
    private static final int ROWS = 64;
    private static final int ROW = 64;
    private static final int FLAGS = 7;
    private static final int TOLERATED = 8;

    private static final long CLAIMED = 0;
    private static final long OVERFLOW = 4;
    private static final long FIRST = 64;

    private static final int ASK = 4;
    private static final int REFUSED = 8;
    private static final int ERROR = 16;
    private static final int RESULTS = 24;

    private static final VarHandle WORD = JAVA_INT.varHandle();

    private final MemorySegment head;
    private final MemorySegment slots;
    private final int capacity;
    private final int stride;
    private Program program = new Program(List.of(), List.of(), 0);
    private long free;
    private int seen;
    private List<Integer> late = new ArrayList<>();

    /**
     * An empty block.
     *
     * @param capacity the number of slots
     * @param stride the bytes of each slot
     */
    ControlBlock(Machine machine, int pid, int capacity, int stride) {
        head = machine.allocate(HEAD);
        slots = machine.allocate(FIRST + (long) capacity * stride);
        this.capacity = capacity;
        this.stride = stride;
        head.set(JAVA_LONG, SLOTS, slots.address());
        head.set(JAVA_LONG, CAPACITY, capacity);
        head.set(JAVA_LONG, STRIDE, stride);
        head.set(JAVA_INT, PID, pid);
    }

    /** {@return the bytes of a slot for that program} */
    static int stride(Program program) {
        int needed = RESULTS + program.questions().size() * Long.BYTES + program.memory();
        return Integer.highestOneBit(Math.max(needed, 2) - 1) << 1;
    }

    boolean has(int answers, int bytes) {
        return answers <= capacity && bytes <= stride;
    }

    long address() {
        return head.address();
    }

    /**
     * Writes a program. No thread may still run an earlier one.
     *
     * @throws IllegalArgumentException if the program is too long
     */
    void load(Program next) {
        slots.asSlice(0, FIRST + claimed() * stride).fill((byte) 0);
        program = next;
        seen = 0;
        late = new ArrayList<>();
        int rows = next.changes().size() + next.questions().size();
        if (ROWS + (long) rows * ROW > HEAD) {
            throw tooLong();
        }
        long always = ROWS + (long) next.changes().size() * ROW;
        free = ROWS + (long) rows * ROW;
        head.set(JAVA_LONG, ALWAYS, head.address() + always);
        head.set(JAVA_LONG, END, head.address() + free);
        long[] table = new long[rows * ROW / Long.BYTES];
        int at = 0;
        for (Program.Row row : next.changes()) {
            at = write(table, at, row.call(), row.tolerated() ? TOLERATED : 0);
        }
        for (Call question : next.questions()) {
            at = write(table, at, question, 0);
        }
        MemorySegment.copy(table, 0, head, JAVA_LONG, ROWS, table.length);
    }

    private int write(long[] table, int at, Call call, int flags) {
        int own = call.ownArguments();
        long memory = RESULTS + (long) program.questions().size() * Long.BYTES;
        table[at] = call.number();
        for (int i = 0; i < call.arguments().size(); i++) {
            boolean offset = (own >>> i & 1) != 0;
            table[at + 1 + i] = call.arguments().get(i).register(this) + (offset ? memory : 0);
        }
        table[at + FLAGS] = own | flags;
        return at + ROW / Long.BYTES;
    }

    /** Stores the content behind the program. */
    @Override
    public long store(MemorySegment content) {
        long at = free;
        if (at + content.byteSize() > HEAD) {
            throw tooLong();
        }
        MemorySegment.copy(content, 0, head, at, content.byteSize());
        free = (at + content.byteSize() + Long.BYTES - 1) & -Long.BYTES;
        return head.address() + at;
    }

    private static IllegalArgumentException tooLong() {
        return new IllegalArgumentException("a program can have at most " + HEAD + " bytes with its memory");
    }

    private long claimed() {
        return Math.min(Integer.toUnsignedLong((int) WORD.getAcquire(slots, CLAIMED)), capacity);
    }

    /** {@return whether a thread found no free slot; such a thread has run nothing} */
    boolean overflowed() {
        return (int) WORD.getAcquire(slots, OVERFLOW) != 0;
    }

    /** {@return the answers that have arrived since the last call} Threads may answer in another order than they claim slots. */
    List<Answer> take() {
        List<Answer> answers = new ArrayList<>();
        List<Integer> still = new ArrayList<>();
        for (int slot : late) {
            take(slot, answers, still);
        }
        for (long claimed = claimed(); seen < claimed; seen++) {
            take(seen, answers, still);
        }
        late = still;
        return answers;
    }

    private void take(int slot, List<Answer> answers, List<Integer> still) {
        long at = FIRST + (long) slot * stride;
        int tid = (int) WORD.getAcquire(slots, at);
        if (tid == 0) {
            still.add(slot); // claimed, but not answered yet
            return;
        }
        long refused = slots.get(JAVA_LONG, at + REFUSED);
        int index = refused == 0 ? Answer.NONE : (int) ((refused - head.address() - ROWS) / ROW);
        long[] results = slots.asSlice(at + RESULTS, (long) program.questions().size() * Long.BYTES).toArray(JAVA_LONG);
        byte[] memory = slots.asSlice(at + RESULTS + (long) results.length * Long.BYTES, program.memory())
                .toArray(JAVA_BYTE);
        answers.add(new Answer(tid, slots.get(JAVA_INT, at + ASK), index, (int) -slots.get(JAVA_LONG, at + ERROR),
                results, memory));
    }
}
