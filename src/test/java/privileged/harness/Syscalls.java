package privileged.harness;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Syscalls that a child makes by itself on the calling thread. */
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
    private static final int CAPABILITY_VERSION_3 = 0x20080522;

    private static final MethodHandle SYSCALL = Linker.nativeLinker().downcallHandle(
            Linker.nativeLinker().defaultLookup().find("syscall").orElseThrow(),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                    JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private Syscalls() {
    }

    /** By its number on x86-64 and on the processors that share the table of asm-generic/unistd.h. */
    public enum Call {
        CAPSET(126, 91), IOCTL(16, 29), MLOCKALL(151, 230), MPROTECT(10, 226), OPENAT(257, 56), PRCTL(157, 167),
        RT_SIGACTION(13, 134), SECCOMP(317, 277), SETFSUID(122, 151), SETGROUPS(116, 159), SETRESGID(119, 149),
        SETRESUID(117, 147), MEMFD_CREATE(319, 279), CONNECT(42, 203), DUP3(292, 24), READ(0, 63), RECVMSG(47, 212),
        SENDMSG(46, 211), SOCKET(41, 198);

        private final int number;

        Call(int amd64, int generic) {
            number = System.getProperty("os.arch").equals("amd64") ? amd64 : generic;
        }

        public int number() {
            return number;
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
