package nucleus.caps.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nucleus.caps.CapsException;

/** System calls that change what a process hands on, and no credentials. */
public final class ProcessCalls {

    /** PR_SET_PDEATHSIG(2const) and PR_GET_DUMPABLE(2const). The bindings do not have these two. */
    public static final int PR_SET_PDEATHSIG = 1;
    private static final int PR_GET_DUMPABLE = 3;

    private static final long SIG_IGN = 1;
    /** The sizes of the kernel's sigset_t, and of the largest struct sigaction of any processor. */
    private static final int SIGSET = 8;
    private static final int SIGACTION = 32;

    private ProcessCalls() {
    }

    /** Sets the file mode creation mask, umask(2). */
    public static void umask(int mask) {
        Syscalls.call(Syscall.UMASK, mask);
    }

    /**
     * Begins a session without a terminal, setsid(2).
     *
     * @throws CapsException EPERM if this process leads a process group
     */
    public static void newSession() {
        checked("setsid()", Syscalls.call(Syscall.SETSID), "this process leads a process group, as each command of an"
                + " interactive shell does; start it by setsid --wait instead");
    }

    /**
     * Sets the parent-death signal of the calling thread; 0 clears it.
     *
     * @throws CapsException if the kernel refuses
     */
    public static void deathSignal(int signal) {
        checked("prctl(PR_SET_PDEATHSIG, " + signal + ")", Syscalls.call(Syscall.PRCTL, PR_SET_PDEATHSIG, signal),
                "the parent-death signal cannot be set");
    }

    /** {@return the dumpable attribute of this process; 1 if it is dumpable} A negative result is a negated errno. */
    public static long dumpable() {
        return Syscalls.call(Syscall.PRCTL, PR_GET_DUMPABLE);
    }

    /** {@return whether there is a process or thread with this id, kill(2)} Sends no signal. Needs no right over it. */
    public static boolean exists(int id) {
        return !Errno.ESRCH.is(Syscalls.call(Syscall.KILL, id, 0));
    }

    /**
     * Sets the working directory of the process, chdir(2).
     *
     * @throws CapsException if the calling thread may not enter it
     */
    public static void enter(String directory) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment path = arena.allocateFrom(JAVA_BYTE, CString.terminated(directory));
            long result = Syscalls.call(Syscall.CHDIR, path.address());
            checked("chdir(" + directory + ")", result, Cause.ofPath(Errno.of(result)));
        }
    }

    /**
     * Ignores a signal, sigaction(2).
     *
     * @throws CapsException if the kernel refuses
     */
    public static void ignore(int signal) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(SIGACTION, Long.BYTES);
            action.set(JAVA_LONG, 0, SIG_IGN);
            checked("rt_sigaction(" + signal + ")", Syscalls.call(Syscall.RT_SIGACTION, signal, action.address(), 0, SIGSET),
                    "the signal cannot be ignored");
        }
    }

    private static void checked(String call, long result, String rule) {
        if (result < 0) {
            throw Errno.of(result).exception(call, rule);
        }
    }
}
