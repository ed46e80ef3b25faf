package nucleus.caps.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * A function of the C library. Its result is as that of the kernel: a value, or a negated errno.
 *
 * <p>All functions are called with the signature of syscall(2). Numbers and pointers use the same registers, and a function
 * ignores the registers that it does not use. Each further signature would make the start of a JVM some percent longer. The
 * handles of the bindings would do so too, and they lose errno.
 */
public final class Downcall {

    /** syscall(2) itself. */
    public static final Downcall SYSCALL = new Downcall("syscall", false);

    private static final class Shape {
        static final StructLayout STATE = Linker.Option.captureStateLayout();
        static final long ERRNO = STATE.byteOffset(PathElement.groupElement("errno"));
        static final MethodHandle HANDLE = Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(JAVA_LONG,
                JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
                Linker.Option.captureCallState("errno"));
    }

    private final MemorySegment address;
    private final boolean narrow;

    private Downcall(String name, boolean narrow) {
        address = Linker.nativeLinker().defaultLookup().find(name)
                .orElseThrow(() -> new UnsupportedOperationException("the C library has no function " + name));
        this.narrow = narrow;
    }

    /** {@return a function whose result is an int, -1 on failure} */
    public static Downcall ofInt(String name) {
        return new Downcall(name, true);
    }

    /** {@return the layout of the memory that {@link #call} needs} */
    public static StructLayout state() {
        return Shape.STATE;
    }

    /**
     * {@return a result, or a negated errno}
     *
     * @param state the memory that receives errno; only one thread may use it at a time
     */
    public long call(MemorySegment state, long a0, long a1, long a2, long a3, long a4, long a5, long a6) {
        long result;
        try {
            result = (long) Shape.HANDLE.invokeExact(address, state, a0, a1, a2, a3, a4, a5, a6);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a native call threw a checked exception", e);
        }
        boolean failed = narrow ? (int) result == -1 : result == -1;
        return failed ? -state.get(JAVA_INT, Shape.ERRNO) : narrow ? (int) result : result;
    }
}
