package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * The report of an image about one instruction.
 *
 * @param instruction the instruction
 * @param result its result
 * @param last whether the image ends after it
 */
record ChildReport(Instruction instruction, long result, boolean last) {

    private static final int LENGTH = 2 * Long.BYTES;
    private static final long MAX_ERRNO = 4095;

    /** {@return the next report, or empty when the other end is closed} */
    static Optional<ChildReport> read(int descriptor, List<Instruction> list) {
        return Descriptors.read(descriptor, LENGTH).map(bytes -> of(bytes, list));
    }

    static ChildReport of(byte[] bytes, List<Instruction> list) {
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int index = (int) words.getLong();
        long result = words.getLong();
        Instruction instruction = list.get(index);
        ChildReport report = new ChildReport(instruction, result, index == list.size() - 1);
        return report.passed() ? report : new ChildReport(instruction, result, true);
    }

    /** Whether the image continues with the next instruction, if there is one. */
    boolean passed() {
        return -result > 0 && -result < Long.SIZE && (instruction.passed() >>> -result & 1) != 0;
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
                : instruction.passed() != 0 ? ExecErrors.ofExecve(errno())
                : "no rule of capabilities(7) forbids it: a security module or a seccomp filter may";
        return errno().exception(instruction.syscall() + " [in the child]", rule);
    }
}
