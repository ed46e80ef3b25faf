package nucleus.caps.internal.launch;

import java.util.List;

/**
 * A system call that another process is to make.
 *
 * @param syscall the words for it
 * @param number which call, on this processor
 * @param operands up to six; the others are 0
 * @param wanted what it is to give: anything else is a failure
 * @param passed bits: the errnos, below 64, after which the next instruction is tried
 */
public record Instruction(String syscall, long number, List<Operand> operands, long wanted, long passed) {

    /** What stands in one register. */
    public sealed interface Operand {
    }

    /**
     * A number.
     *
     * @param value as the kernel gets it
     */
    public record Value(long value) implements Operand {
    }

    /**
     * A pointer to memory that the call reads.
     *
     * @param content what is there
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and read once
    public record Bytes(byte[] content) implements Operand {
    }
}
