package nucleus.caps.internal.launch;

import java.util.List;

/**
 * A system call for another process to make.
 *
 * @param syscall the text for messages
 * @param number the number of the call on this processor
 * @param operands up to six; the others are 0
 * @param wanted the expected result; any other result is a failure
 * @param passed a bit mask of the errnos, below 64, after which the next instruction is tried
 */
public record Instruction(String syscall, long number, List<Operand> operands, long wanted, long passed) {

    /** The content of one register. */
    public sealed interface Operand {
    }

    /**
     * A number.
     *
     * @param value the number that the kernel gets
     */
    public record Value(long value) implements Operand {
    }

    /**
     * A pointer to memory that the call reads.
     *
     * @param content the bytes of that memory
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, read once
    public record Bytes(byte[] content) implements Operand {
    }
}
