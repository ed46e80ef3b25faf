package nucleus.caps.internal.threads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * One raw system call. Every thread makes it with the same arguments.
 *
 * @param number which call, on this processor
 * @param arguments up to six; the others are 0
 */
public record Call(long number, List<Argument> arguments) {

    static final int MAX_ARGUMENTS = 6;

    /** Where content is put for a call to read it. */
    public interface Memory {

        /** {@return the address of a copy} */
        long store(MemorySegment content);
    }

    /** What stands in one register. */
    public sealed interface Argument {

        /** {@return what the kernel gets} */
        long register(Memory memory);
    }

    /**
     * A number.
     *
     * @param value as the kernel gets it
     */
    public record Value(long value) implements Argument {
        @Override
        public long register(Memory memory) {
            return value;
        }
    }

    /**
     * A pointer to memory that the call reads. All threads read the same, so no call may write results there.
     *
     * <p>The content is copied here, and once more to where the threads read it: that stays for as long as the last of
     * them may need it.
     *
     * @param content what the pointer points to
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

    public Call {
        arguments = List.copyOf(arguments);
        if (arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException("a system call has six arguments at most, not " + arguments.size());
        }
    }

    /** {@return a call whose arguments are numbers} */
    public static Call of(long number, long... values) {
        List<Argument> arguments = new ArrayList<>();
        for (long value : values) {
            arguments.add(new Value(value));
        }
        return new Call(number, arguments);
    }

    /** {@return this call with one more argument: a pointer to a copy of what is there now} */
    public Call with(MemorySegment content) {
        return with(new Input(content));
    }

    /** {@return this call with one more argument} */
    public Call with(long value) {
        return with(new Value(value));
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

    private Call with(Argument argument) {
        List<Argument> more = new ArrayList<>(arguments);
        more.add(argument);
        return new Call(number, more);
    }
}
