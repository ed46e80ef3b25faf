package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.ffi.__user_cap_data_struct;
import nucleus.caps.internal.ffi.__user_cap_header_struct;
import nucleus.caps.internal.ffi.linux_caps_h;
import nucleus.caps.internal.threads.Call;

/**
 * The calls that change or read the calling thread. Each answers like the kernel does: a value, or minus an errno.
 *
 * <p>jextract's own handles lose errno, so the addresses are linked here once more, with it. All changes go through
 * syscall(2), in one shape: each further one would cost a tenth of the start of a JVM.
 */
final class Libc {

    private static final int REGISTERS = 6;

    static final Linker LINKER = Linker.nativeLinker();
    static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURE.varHandle(StructLayout.PathElement.groupElement("errno"));
    static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

    private static final MethodHandle CAPGET =
            LINKER.downcallHandle(capget$address(), capget$descriptor(), CAPTURE_ERRNO);
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(linux_caps_h.syscall.address(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG), CAPTURE_ERRNO, Linker.Option.firstVariadicArg(1));

    private Libc() {
    }

    /** What capget(2) tells of the calling thread. */
    record CapData(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
    }

    /** Links everything now. */
    static void initialise() {
        // Running the initialiser of this class is all that is needed.
    }

    static CapData capget() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(
                    __user_cap_data_struct.layout().byteSize() * _LINUX_CAPABILITY_U32S_3());
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) CAPGET.invokeExact(errno, header(arena), data);
            if (result != 0) {
                throw Refusals.of("capget()", new Errno((int) -minusErrno(result, errno)));
            }
            MemorySegment low = __user_cap_data_struct.asSlice(data, 0);
            MemorySegment high = __user_cap_data_struct.asSlice(data, 1);
            return new CapData(
                    join(__user_cap_data_struct.effective(low), __user_cap_data_struct.effective(high)),
                    join(__user_cap_data_struct.permitted(low), __user_cap_data_struct.permitted(high)),
                    join(__user_cap_data_struct.inheritable(low), __user_cap_data_struct.inheritable(high)));
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Makes a call on the calling thread. */
    static long call(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            long[] registers = new long[REGISTERS];
            int next = 0;
            for (Call.Argument argument : call.arguments()) {
                registers[next++] = switch (argument) {
                    case Call.Value value -> value.value();
                    case Call.Input input -> arena.allocate(Math.max(1, input.content().byteSize()), Long.BYTES)
                            .copyFrom(input.content()).address();
                };
            }
            MemorySegment errno = arena.allocate(CAPTURE);
            long result = (long) SYSCALL.invokeExact(errno, call.number(), registers[0], registers[1], registers[2],
                    registers[3], registers[4], registers[5]);
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Pid 0 is the calling thread; getpid() would name another, even on the main thread of a JVM. */
    private static MemorySegment header(Arena arena) {
        MemorySegment header = __user_cap_header_struct.allocate(arena);
        __user_cap_header_struct.version(header, _LINUX_CAPABILITY_VERSION_3());
        __user_cap_header_struct.pid(header, 0);
        return header;
    }

    private static CapabilitySet join(int low, int high) {
        return new CapabilitySet(Integer.toUnsignedLong(low) | (long) high << Integer.SIZE);
    }

    static long minusErrno(long result, MemorySegment errno) {
        return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
    }

    /** A handle declares Throwable, and throws none but these. */
    static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a downcall threw a checked exception", e);
    }
}
