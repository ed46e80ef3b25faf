package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.ffi.__user_cap_data_struct;
import nucleus.caps.internal.ffi.__user_cap_header_struct;
import nucleus.caps.internal.ffi.linux_caps_h;

/**
 * The calls that change or read the calling thread. Each answers like the kernel does: a value, or minus an errno.
 *
 * <p>jextract's own handles lose errno, so the addresses and descriptors are linked here once more, with it.
 */
final class Libc {

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO =
            CAPTURE.varHandle(StructLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
    private static final Linker.Option AFTER_FIRST = Linker.Option.firstVariadicArg(1);

    private static final MethodHandle CAPGET =
            LINKER.downcallHandle(capget$address(), capget$descriptor(), CAPTURE_ERRNO);
    private static final MethodHandle CAPSET =
            LINKER.downcallHandle(capset$address(), capset$descriptor(), CAPTURE_ERRNO);
    private static final MethodHandle PRCTL = LINKER.downcallHandle(linux_caps_h.prctl.address(),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            CAPTURE_ERRNO, AFTER_FIRST);
    private static final MethodHandle SYSCALL = LINKER.downcallHandle(linux_caps_h.syscall.address(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            CAPTURE_ERRNO, AFTER_FIRST);

    private static final MethodHandle SETGROUPS =
            LINKER.downcallHandle(setgroups$address(), setgroups$descriptor(), CAPTURE_ERRNO);
    private static final MethodHandle SETRESGID =
            LINKER.downcallHandle(setresgid$address(), setresgid$descriptor(), CAPTURE_ERRNO);
    private static final MethodHandle SETRESUID =
            LINKER.downcallHandle(setresuid$address(), setresuid$descriptor(), CAPTURE_ERRNO);

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

    static long capset(Change.CapSet sets) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocate(
                    __user_cap_data_struct.layout().byteSize() * _LINUX_CAPABILITY_U32S_3());
            for (int half = 0; half < _LINUX_CAPABILITY_U32S_3(); half++) {
                MemorySegment slice = __user_cap_data_struct.asSlice(data, half);
                int shift = half * Integer.SIZE;
                __user_cap_data_struct.effective(slice, (int) (sets.effective().bits() >>> shift));
                __user_cap_data_struct.permitted(slice, (int) (sets.permitted().bits() >>> shift));
                __user_cap_data_struct.inheritable(slice, (int) (sets.inheritable().bits() >>> shift));
            }
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) CAPSET.invokeExact(errno, header(arena), data);
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The arguments that an option does not use must be 0. */
    static long prctl(int option, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) PRCTL.invokeExact(errno, option,
                    at(arguments, 0), at(arguments, 1), at(arguments, 2), at(arguments, 3));
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long syscall(int number, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            long result = (long) SYSCALL.invokeExact(errno, (long) number,
                    at(arguments, 0), at(arguments, 1), at(arguments, 2));
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long setgroups(int number, List<Long> groups) {
        try (Arena arena = Arena.ofConfined()) {
            return syscall(number, groups.size(), list(arena, groups).address());
        }
    }

    /** On every thread, and so are the next two. */
    static long setgroupsOfProcess(List<Long> groups) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) SETGROUPS.invokeExact(errno, (long) groups.size(), list(arena, groups));
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    static long setresgidOfProcess(long gid) {
        return setresid(SETRESGID, (int) gid);
    }

    static long setresuidOfProcess(long uid) {
        return setresid(SETRESUID, (int) uid);
    }

    private static long setresid(MethodHandle function, int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(CAPTURE);
            int result = (int) function.invokeExact(errno, id, id, id);
            return minusErrno(result, errno);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static MemorySegment list(Arena arena, List<Long> groups) {
        MemorySegment list = arena.allocate(JAVA_INT, Math.max(1, groups.size()));
        for (int i = 0; i < groups.size(); i++) {
            list.setAtIndex(JAVA_INT, i, groups.get(i).intValue());
        }
        return list;
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

    private static long at(long[] arguments, int index) {
        return index < arguments.length ? arguments[index] : 0;
    }

    private static long minusErrno(long result, MemorySegment errno) {
        return result == -1 ? -(int) ERRNO.get(errno, 0L) : result;
    }

    /** A handle declares Throwable, and throws none but these. */
    private static RuntimeException unexpected(Throwable e) {
        if (e instanceof RuntimeException runtime) {
            return runtime;
        }
        if (e instanceof Error error) {
            throw error;
        }
        return new IllegalStateException("a downcall threw a checked exception", e);
    }
}
