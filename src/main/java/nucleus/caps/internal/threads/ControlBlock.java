package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory that the handler works on: a program with all that its pointers point to, and a slot for each answer. The
 * layout is the one in {@code handler_*.S}.
 *
 * <p>It is never unmapped. Once a thread has stayed silent, it must not be written again either: that thread may be in
 * the middle of the program, or be about to begin.
 */
final class ControlBlock implements Call.Memory {

    /** As many threads as fit; the kernel's own limit is rarely higher. */
    static final int SLOTS = 1 << 18;

    private static final long HEAD = 1 << 20;
    private static final long SLOT = 16;

    private static final long CLAIMED = 0;
    private static final long OVERFLOW = 4;
    private static final long CAPACITY = 8;
    private static final long CALLS = 16;
    private static final long SLOTS_ADDRESS = 24;
    private static final long PID = 32;
    private static final long PROGRAM = 64;
    private static final long CALL = (1 + Call.MAX_ARGUMENTS) * Long.BYTES;

    private static final VarHandle TID = JAVA_INT.varHandle();

    private final MemorySegment head;
    private final MemorySegment slots;
    private int taken;
    private long free;

    ControlBlock(Machine machine, int pid) {
        MemorySegment memory = machine.allocate(HEAD + SLOTS * SLOT);
        head = memory.asSlice(0, HEAD);
        slots = memory.asSlice(HEAD);
        head.set(JAVA_LONG, CAPACITY, SLOTS);
        head.set(JAVA_LONG, SLOTS_ADDRESS, slots.address());
        head.set(JAVA_INT, PID, pid);
    }

    long address() {
        return head.address();
    }

    /**
     * Writes a program. No thread may be in an earlier one any more.
     *
     * @throws IllegalArgumentException if it is too long
     */
    void load(List<Call> program) {
        long claimed = Math.min(Integer.toUnsignedLong(head.get(JAVA_INT, CLAIMED)), SLOTS);
        slots.asSlice(0, claimed * SLOT).fill((byte) 0);
        taken = 0;
        head.set(JAVA_INT, CLAIMED, 0);
        head.set(JAVA_INT, OVERFLOW, 0);
        head.set(JAVA_LONG, CALLS, program.size());
        free = PROGRAM + program.size() * CALL;
        for (int i = 0; i < program.size(); i++) {
            MemorySegment registers = MemorySegment.ofArray(program.get(i).registers(this));
            place(registers, PROGRAM + i * CALL);
        }
    }

    /** Behind the program. */
    @Override
    public long store(MemorySegment content) {
        long at = free;
        place(content, at);
        free = (at + content.byteSize() + Long.BYTES - 1) & -Long.BYTES;
        return head.address() + at;
    }

    private void place(MemorySegment content, long at) {
        if (at + content.byteSize() > HEAD) {
            throw new IllegalArgumentException("a program may have " + HEAD + " bytes, its memory included");
        }
        MemorySegment.copy(content, 0, head, at, content.byteSize());
    }

    /** {@return the answers that have come since this was last asked} */
    List<Answer> take() {
        List<Answer> answers = new ArrayList<>();
        while (taken < SLOTS) {
            long slot = taken * SLOT;
            int tid = (int) TID.getAcquire(slots, slot);
            if (tid == 0) {
                break; // not claimed, or not written yet
            }
            answers.add(new Answer(tid, slots.get(JAVA_INT, slot + 4), slots.get(JAVA_LONG, slot + 8)));
            taken++;
        }
        return answers;
    }
}
