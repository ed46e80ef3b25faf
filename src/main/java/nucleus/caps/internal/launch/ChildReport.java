package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;

/**
 * The report of an image about one instruction.
 *
 * @param instruction the instruction
 * @param result its result
 */
record ChildReport(Instruction instruction, long result) {

    /** The length of a report in bytes. */
    static final int LENGTH = 2 * Long.BYTES;

    private static final long MAX_ERRNO = 4095;

    /** {@return the report in these bytes} After the last instruction of the list comes {@link Elf#END}. */
    static ChildReport of(byte[] bytes, List<Instruction> list) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int index = (int) words.getLong();
        return new ChildReport(index == list.size() ? Elf.END : list.get(index), words.getLong());
    }

    /** Whether the image continues with the next instruction. */
    boolean passed() {
        return instruction.isQuestion()
                || (-result > 0 && -result < Long.SIZE && (instruction.passed() >>> -result & 1) != 0);
    }

    boolean is(Instruction other) {
        return instruction.equals(other);
    }

    Errno errno() {
        return result < 0 && result >= -MAX_ERRNO ? Errno.of(result) : Errno.NONE;
    }

    /** The report as an exception. What capabilities(7) forbids is refused before the child starts. */
    CapsException refusal() {
        String rule = errno().equals(Errno.NONE) ? "gave " + result + ", not " + instruction.wanted()
                : instruction.syscall().startsWith("execve(") ? Cause.ofExecve(errno())
                : SocketCalls.cause(instruction.syscall(), errno()).orElse(Cause.UNFORESEEN);
        return errno().exception(instruction.syscall() + " [in the child]", rule);
    }
}
