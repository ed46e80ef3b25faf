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
 * The code in memory, the two words that it reads, and bare system calls.
 *
 * <p>The code page is written once and then made executable. It is never writable and executable at the same time. It is
 * never written again or unmapped, because a thread may run it at any time.
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

    /** The address of the signal handler. */
    long entry() {
        return code.address();
    }

    /** The address that the handler returns to, or 0. */
    long restorer() {
        return handler.restorer() == Handler.NONE ? 0 : code.address() + handler.restorer();
    }

    /** The offset of the mask in the kernel's struct sigaction. */
    long mask() {
        return handler.mask();
    }

    /** Sets the control block whose program the handler runs, or 0 for no program. */
    void current(long block) {
        WORD.setVolatile(data, CURRENT, block);
    }

    /** Sets the handler that gets the signals of others, or 0 for none. */
    void previous(long address) {
        WORD.setVolatile(data, PREVIOUS, address);
    }

    /** {@return the result of the system call, or minus an errno} Not thread-safe. */
    long call(Syscall syscall, long... arguments) {
        return call(syscall.number(), at(arguments, 0), at(arguments, 1), at(arguments, 2), at(arguments, 3),
                at(arguments, 4), at(arguments, 5));
    }

    /** The same system call, without allocation. */
    long call(int number, long a0, long a1, long a2, long a3, long a4, long a5) {
        return Downcall.SYSCALL.call(state, number, a0, a1, a2, a3, a4, a5);
    }

    /** Maps zeroed memory that is never unmapped. A page costs nothing until it is touched. */
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
