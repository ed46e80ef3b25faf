package nucleus.caps.internal.threads;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * One raw system call. Every thread makes it with the same arguments.
 *
 * @param number which call, on this processor
 * @param arguments up to six; the others are 0
 */
public record Call(long number, List<Argument> arguments) {

    static final int MAX_ARGUMENTS = 6;

    /** What stands in one register. */
    public sealed interface Argument {
    }

    /**
     * A number.
     *
     * @param value as the kernel gets it
     */
    public record Value(long value) implements Argument {
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
    }

    public Call {
        arguments = List.copyOf(arguments);
        if (arguments.size() > MAX_ARGUMENTS) {
            throw new IllegalArgumentException("a system call has six arguments at most, not " + arguments.size());
        }
    }

    /** {@return a call whose arguments are numbers} */
    public static Call of(long number, long... values) {
        return new Call(number, Arrays.stream(values).<Argument>mapToObj(Value::new).toList());
    }

    /** {@return this call with one more argument: a pointer to a copy of what is there now} */
    public Call with(MemorySegment content) {
        return with(new Input(content));
    }

    /** {@return this call with one more argument} */
    public Call with(long value) {
        return with(new Value(value));
    }

    private Call with(Argument argument) {
        return new Call(number, Stream.concat(arguments.stream(), Stream.of(argument)).toList());
    }
}
