package privileged.harness;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Syscalls that a child makes by itself on the calling thread, and a seccomp filter that makes some of them fail. */
public final class Syscalls {

    public static final int PR_SET_KEEPCAPS = 8;
    public static final int PR_CAPBSET_DROP = 24;
    public static final int PR_GET_SECUREBITS = 27;
    public static final int PR_SET_SECUREBITS = 28;
    public static final int PR_SET_NO_NEW_PRIVS = 38;
    public static final int PR_CAP_AMBIENT = 47;

    public static final int EPERM = 1;
    public static final int EACCES = 13;
    public static final int ENOSYS = 38;

    private static final int IO_URING_SETUP = 425;
    private static final int IO_URING_PARAMETERS = 120;

    /** Stands for an argument that a filter does not look at. */
    public static final long ANY = Long.MIN_VALUE;

    /** With this a filter lets a call answer 0 without being made. */
    public static final int IGNORED = 0;

    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int SECCOMP_SET_MODE_FILTER = 1;
    private static final int SECCOMP_FILTER_FLAG_NEW_LISTENER = 8;
    private static final int SECCOMP_RET_ERRNO = 0x00050000;
    private static final int SECCOMP_RET_USER_NOTIF = 0x7fc00000;
    private static final long SECCOMP_IOCTL_NOTIF_RECV = 0xc0502100L;
    private static final long SECCOMP_IOCTL_NOTIF_SEND = 0xc0182101L;
    private static final int SECCOMP_USER_NOTIF_FLAG_CONTINUE = 1;
    private static final int NOTIF_SIZE = 80;
    private static final int RESPONSE_SIZE = 24;
    private static final int SECCOMP_RET_ALLOW = 0x7fff0000;
    private static final int LOAD_WORD = 0x20;
    private static final int JUMP_IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;
    private static final int INSTRUCTION = 8;

    private static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private Syscalls() {
    }

    /** By its number on x86-64 and on the processors that share the table of asm-generic/unistd.h. */
    public enum Call {
        CAPSET(126, 91), IOCTL(16, 29), MPROTECT(10, 226), PRCTL(157, 167), RT_SIGACTION(13, 134), SECCOMP(317, 277),
        SETFSUID(122, 151), SETGROUPS(116, 159), SETRESGID(119, 149), SETRESUID(117, 147), MEMFD_CREATE(319, 279);

        private final int number;

        Call(int amd64, int generic) {
            number = System.getProperty("os.arch").equals("amd64") ? amd64 : generic;
        }
    }

    public static void setresuid(long id) {
        call(Call.SETRESUID, id, id, id);
    }

    /** On every thread: it signals them, as nptl(7) says. */
    public static long setresuidOfTheCLibrary(long id) {
        Linker linker = Linker.nativeLinker();
        MethodHandle function = linker.downcallHandle(linker.defaultLookup().find("setresuid").orElseThrow(),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        try {
            return (int) function.invokeExact((int) id, (int) id, (int) id);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    public static void setresuid(long real, long effective, long saved) {
        call(Call.SETRESUID, real, effective, saved);
    }

    /** Those of the calling thread. */
    public static long securebits() {
        return make(Call.PRCTL.number, PR_GET_SECUREBITS);
    }

    public static void setresgid(long id) {
        call(Call.SETRESGID, id, id, id);
    }

    /** From 0: the answer is who it was before. */
    public static void setfsuid(long id) {
        call(Call.SETFSUID, id);
    }

    public static void prctl(int option, long argument) {
        call(Call.PRCTL, option, argument);
    }

    /** Empties permitted, effective and inheritable. */
    public static void capsetNothing() {
        try (Arena arena = Arena.ofConfined()) {
            call(Call.CAPSET, arena.allocateFrom(JAVA_INT, CAPABILITY_VERSION_3, 0).address(),
                    arena.allocate(JAVA_INT, 6).address());
        }
    }

    /** Lets every such call of this thread, with those first arguments, fail from now on. */
    public static void refuse(int errno, Call call, long... arguments) {
        filter(0, SECCOMP_RET_ERRNO | errno, call, arguments);
    }

    /** Lets every such call of this thread wait until it is let go; gives what that is done with. */
    public static long hold(Call call, long... arguments) {
        return filter(SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF, call, arguments);
    }

    /** Lets a call that waits be made, once there is one; a signal can come first. */
    public static void letGo(long held) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment call = arena.allocate(NOTIF_SIZE, 8);
            if (make(Call.IOCTL.number, held, SECCOMP_IOCTL_NOTIF_RECV, call.address()) == 0) {
                MemorySegment response = arena.allocate(RESPONSE_SIZE, 8);
                response.set(JAVA_LONG, 0, call.get(JAVA_LONG, 0));
                response.set(JAVA_INT, 20, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
                make(Call.IOCTL.number, held, SECCOMP_IOCTL_NOTIF_SEND, response.address());
            }
        }
    }

    private static long filter(int flags, int action, Call call, long... arguments) {
        int length = 3 + 2 * arguments.length + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate((long) length * INSTRUCTION, 8);
            instruction(filter, 0, LOAD_WORD, 0, 0);
            instruction(filter, 1, JUMP_IF_EQUAL, length - 3, call.number);
            for (int i = 0; i < arguments.length; i++) {
                instruction(filter, 2 + 2 * i, LOAD_WORD, 0, 16 + 8 * i);
                instruction(filter, 3 + 2 * i, JUMP_IF_EQUAL, arguments[i] == ANY ? 0 : length - 5 - 2 * i,
                        (int) arguments[i]);
            }
            instruction(filter, length - 2, RETURN, 0, action);
            instruction(filter, length - 1, RETURN, 0, SECCOMP_RET_ALLOW);
            MemorySegment program = arena.allocate(16, 8);
            program.set(JAVA_SHORT, 0, (short) length);
            program.set(ADDRESS, 8, filter);
            long result = make(Call.SECCOMP.number, SECCOMP_SET_MODE_FILTER, flags, program.address());
            if (result < 0) {
                throw new IllegalStateException("no filter can be had");
            }
            return result;
        }
    }

    /** A jump is taken where the values differ: to the last instruction, which allows the call. */
    private static void instruction(MemorySegment filter, int index, int code, int unlessEqual, int value) {
        long at = (long) index * INSTRUCTION;
        filter.set(JAVA_SHORT, at, (short) code);
        filter.set(JAVA_BYTE, at + 3, (byte) unlessEqual);
        filter.set(JAVA_INT, at + 4, value);
    }

    /** A ring of io_uring, or -1. */
    public static long ring(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment parameters = arena.allocate(IO_URING_PARAMETERS, 8);
            parameters.set(JAVA_INT, 8, flags);
            return make(IO_URING_SETUP, 4, parameters.address());
        }
    }

    public static long close(long descriptor) {
        return make(System.getProperty("os.arch").equals("amd64") ? 3 : 57, descriptor);
    }

    /** Throws where the answer is not 0. */
    public static void call(Call call, long... arguments) {
        long result = make(call.number, arguments);
        if (result != 0) {
            throw new IllegalStateException(call + " answered " + result);
        }
    }

    /** Any call, by its number; -1 where it failed. */
    public static long make(long number, long... arguments) {
        long[] all = new long[6];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        try {
            return (long) SYSCALL.invokeExact(number, all[0], all[1], all[2], all[3], all[4], all[5]);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
