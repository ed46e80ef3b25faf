package nucleus.caps.internal.sys;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * One raw system call. Every thread makes it with the same arguments, except for pointers to its own memory.
 *
 * @param number the number of the call on this processor
 * @param arguments up to six arguments; the others are 0
 */
public record Call(long number, List<Argument> arguments) {

    public static final int MAX_ARGUMENTS = 6;

    /** Not a system call: the handler changes a word of the thread's own memory. */
    private static final long MERGE = -1;

    /** Stores content where a call can read it. */
    public interface Memory {

        /** {@return the address of a copy} */
        long store(MemorySegment content);
    }

    /** The content of one register. */
    public sealed interface Argument {

        /** {@return the value for the kernel; for the thread's own memory, an offset} */
        long register(Memory memory);
    }

    /**
     * A number.
     *
     * @param value the value for the kernel
     */
    public record Value(long value) implements Argument {
        @Override
        public long register(Memory memory) {
            return value;
        }
    }

    /**
     * A pointer to memory that the call reads. All threads share this memory, so no call may write to it.
     *
     * @param content the bytes behind the pointer; they are copied
     */
    public record Input(MemorySegment content) implements Argument {
        public Input {
            content = MemorySegment.ofArray(content.toArray(ValueLayout.JAVA_BYTE)).asReadOnly();
        }

        @Override
        public long register(Memory memory) {
            return memory.store(content);
        }
    }

    /**
     * A pointer to memory that belongs to the thread for this round. The memory starts with zeros.
     *
     * @param offset the offset in bytes
     */
    public record Own(int offset) implements Argument {
        @Override
        public long register(Memory memory) {
            return offset;
        }
    }

    public Call {
        arguments = List.copyOf(arguments);
        if (arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException("a system call has at most six arguments, not " + arguments.size());
        }
    }

    /** {@return a call with numbers as arguments} */
    public static Call of(long number, long... values) {
        List<Argument> arguments = new ArrayList<>();
        for (long value : values) {
            arguments.add(new Value(value));
        }
        return new Call(number, arguments);
    }

    /** {@return a call with numbers as arguments} */
    public static Call of(Syscall syscall, long... values) {
        return of(syscall.number(), values);
    }

    /**
     * {@return a change of a 32-bit word of the thread's own memory}
     *
     * @param to the offset of the word to change
     * @param kept the bits of this word that stay
     * @param from the offset of another word
     * @param taken the bits of the other word to add
     * @param set the bits to add in any case
     */
    public static Call merge(int to, int kept, int from, int taken, int set) {
        return new Call(MERGE, List.of(new Own(to), new Own(from), new Value(kept), new Value(taken), new Value(set)));
    }

    /** {@return this call with one more argument: a pointer to a copy of the present content} */
    public Call with(MemorySegment content) {
        return with(new Input(content));
    }

    /** {@return this call with one more argument} */
    public Call with(long value) {
        return with(new Value(value));
    }

    /** {@return this call with one more argument: a pointer to the thread's own memory} */
    public Call withOwn(int offset) {
        return with(new Own(offset));
    }

    private Call with(Argument argument) {
        List<Argument> more = new ArrayList<>(arguments);
        more.add(argument);
        return new Call(number, more);
    }

    /** {@return the number and six arguments} */
    public long[] registers(Memory memory) {
        long[] registers = new long[1 + MAX_ARGUMENTS];
        registers[0] = number;
        for (int i = 0; i < arguments.size(); i++) {
            registers[1 + i] = arguments.get(i).register(memory);
        }
        return registers;
    }

    /** {@return a bit for each argument that is an offset into the thread's own memory} */
    public int ownArguments() {
        int own = 0;
        for (int i = 0; i < arguments.size(); i++) {
            own |= arguments.get(i) instanceof Own ? 1 << i : 0;
        }
        return own;
    }
}
