package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import nucleus.caps.internal.sys.Downcall;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;

/**
 * The code in memory, the two words that it reads, and system calls beside it.
 *
 * <p>The page of the code is written once, then made executable, and never written or unmapped again: a thread may be
 * in it at any time. It is never writable and executable at once.
 */
class Machine {

    private static final long SIZE = Handler.TO_DATA;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int PROT_EXEC = 4;
    private static final int MAP_PRIVATE = 2;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;

    private static final VarHandle WORD = JAVA_LONG.varHandle();
    private static final long CURRENT = 0;
    private static final long PREVIOUS = 8;

    private final Handler handler;
    private final MemorySegment code;
    private final MemorySegment data;
    private final MemorySegment state = Arena.global().allocate(Downcall.state());

    Machine(Processor processor) {
        handler = processor.handler();
        MemorySegment both = map(2 * SIZE, 0, "no memory for the signal handler");
        byte[] bytes = handler.code();
        MemorySegment.copy(bytes, 0, both, JAVA_BYTE, 0, bytes.length);
        long result = call(Syscall.MPROTECT, both.address(), SIZE, PROT_READ | PROT_EXEC);
        if (result != 0) {
            throw Errno.of(result).exception("mprotect(PROT_READ | PROT_EXEC)",
                    "the page with the signal handler may not become executable here");
        }
        code = both.asSlice(0, SIZE).asReadOnly();
        data = both.asSlice(SIZE);
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

    /** {@return what the kernel gives: a result, or minus an errno} Not for several threads at once. */
    long call(Syscall syscall, long... arguments) {
        return call(syscall.number(), at(arguments, 0), at(arguments, 1), at(arguments, 2), at(arguments, 3),
                at(arguments, 4), at(arguments, 5));
    }

    /** The same, for where no memory may be needed. */
    long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        return Downcall.SYSCALL.call(state, number, a0, a1, a2, a3, a4, a5);
    }

    /** Memory full of zeros that nobody ever takes back. It costs nothing before it is touched. */
    MemorySegment allocate(long bytes) {
        return map(bytes, MAP_NORESERVE, "no memory for a program that every thread reads");
    }

    private MemorySegment map(long bytes, int flag, String rule) {
        long address = call(Syscall.MMAP, 0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flag, -1, 0);
        if (address < 0) {
            throw Errno.of(address).exception("mmap(" + bytes + ")", rule);
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }
}
