package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import nucleus.caps.internal.ffi.linux_caps_h;

/**
 * The code in memory, the two words that it reads, and bare system calls through it.
 *
 * <p>The page of the code is written once, then made executable, and never written or unmapped again: a thread may be
 * in it at any time. It is never writable and executable at once.
 */
final class Machine {

    private static final long SIZE = Handler.TO_DATA;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;

    /** The only shape that is linked; syscall(2) has it too, once without errno: its registers are the same. */
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final VarHandle WORD = JAVA_LONG.varHandle();
    private static final long CURRENT = 0;
    private static final long PREVIOUS = 8;

    private final Numbers numbers;
    private final Handler handler;
    private final MemorySegment code;
    private final MemorySegment data;
    private final MethodHandle raw;

    Machine(Processor processor) {
        numbers = processor.numbers();
        handler = processor.handler();
        Linker linker = Linker.nativeLinker();
        MethodHandle syscall = linker.downcallHandle(linux_caps_h.syscall.address(), SHAPE);
        long address = invoke(syscall, numbers.mmap(), 0, 2 * SIZE, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (address == -1) {
            throw Refusals.of("mmap(" + 2 * SIZE + ")", 0, "no memory for the signal handler");
        }
        MemorySegment both = MemorySegment.ofAddress(address).reinterpret(2 * SIZE);
        byte[] bytes = handler.code();
        MemorySegment.copy(bytes, 0, both, JAVA_BYTE, 0, bytes.length);
        if (invoke(syscall, numbers.mprotect(), address, SIZE, PROT_READ | PROT_EXEC, 0, 0, 0) != 0) {
            throw Refusals.of("mprotect(PROT_READ | PROT_EXEC)", 0,
                    "the page with the signal handler may not become executable here");
        }
        code = both.asSlice(0, SIZE).asReadOnly();
        data = both.asSlice(SIZE);
        raw = linker.downcallHandle(code.asSlice(handler.raw()), SHAPE);
    }

    Numbers numbers() {
        return numbers;
    }

    /** Where the signal handler is. */
    long entry() {
        return code.address();
    }

    /** Where it returns to, or 0. */
    long restorer() {
        return handler.restorer() == Handler.NONE ? 0 : code.address() + handler.restorer();
    }

    /** From now on the handler runs the program in this control block, and none if it is 0. */
    void current(long block) {
        WORD.setVolatile(data, CURRENT, block);
    }

    /** From now on the handler leaves what is not for it to this one, and to none if it is 0. */
    void previous(long address) {
        WORD.setVolatile(data, PREVIOUS, address);
    }

    /** {@return what the kernel gives: a result, or minus an errno} */
    long call(long number, long... arguments) {
        return invoke(raw, number, at(arguments, 0), at(arguments, 1), at(arguments, 2), at(arguments, 3),
                at(arguments, 4), at(arguments, 5));
    }

    /** Memory full of zeros that nobody ever takes back. It costs nothing before it is touched. */
    MemorySegment allocate(long bytes) {
        long address = call(numbers.mmap(), 0, bytes, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (address < 0) {
            throw Refusals.of("mmap(" + bytes + ")", address, "no memory for a program that every thread reads");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    private static long invoke(MethodHandle handle, long number, long a0, long a1, long a2, long a3, long a4, long a5) {
        try {
            return (long) handle.invokeExact(number, a0, a1, a2, a3, a4, a5);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("a downcall threw a checked exception", e);
        }
    }
}
