package nucleus.caps.internal.launch;

import java.util.List;

/**
 * A system call for another process to make.
 *
 * @param syscall the text for messages
 * @param number the number of the call on this processor
 * @param operands up to six; the others are 0
 * @param wanted the expected result; any other result is a failure
 * @param passed a bit mask of the errnos, below 64, after which the next instruction is tried; or {@link #ANSWER}
 */
public record Instruction(String syscall, long number, List<Operand> operands, long wanted, long passed) {

    /** The mask of a question: its result is reported and is never a failure. */
    static final long ANSWER = 1;

    /** A result of no system call. */
    static final long NEVER = Long.MIN_VALUE;

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

    /**
     * A pointer to a struct sock_fprog, which points to the instructions of a seccomp filter.
     *
     * @param program the instructions
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, read once
    public record Filter(byte[] program) implements Operand {
    }

    /**
     * A pointer to memory of the image, which calls write to. It starts with zeros.
     *
     * @param offset the offset in bytes
     */
    public record Own(int offset) implements Operand {
    }

    /**
     * A pointer to a struct msghdr that receives one byte and one descriptor. It lies in memory that calls write to, like
     * {@link Own}.
     */
    public record Message() implements Operand {
    }

    /** {@return whether any result will do} */
    boolean isQuestion() {
        return passed == ANSWER;
    }
}
