package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * What an image says of one instruction.
 *
 * @param instruction which
 * @param result what it gave
 * @param last whether the image ends with it
 */
record ChildReport(Instruction instruction, long result, boolean last) {

    private static final int LENGTH = 2 * Long.BYTES;
    private static final long MAX_ERRNO = 4095;

    /** {@return the next one, or nothing when the other end was closed} */
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

    /** Whether the image goes on to the next instruction, if there is one. */
    boolean passed() {
        return -result > 0 && -result < Long.SIZE && (instruction.passed() >>> -result & 1) != 0;
    }

    boolean is(Instruction other) {
        return instruction.equals(other);
    }

    Errno errno() {
        return result < 0 && result >= -MAX_ERRNO ? Errno.of(result) : Errno.NONE;
    }

    /** The same in words. What capabilities(7) forbids was refused before the child was started. */
    CapsException refusal() {
        String rule = errno().equals(Errno.NONE) ? "gave " + result + ", not " + instruction.wanted()
                : instruction.passed() != 0 ? ExecErrors.ofExecve(errno())
                : "no rule of capabilities(7) forbids it: a security module or a seccomp filter may";
        return errno().exception(instruction.syscall() + " [in the child]", rule);
    }
}
