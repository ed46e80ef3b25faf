package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.ffi.linux_caps_h;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * Calls execve(2) on the calling thread. The new program replaces the process and starts from the credentials of this
 * thread.
 *
 * <p>Before the call, every ignored signal gets its default action, no signal is blocked, and all descriptors but the first
 * three become close-on-exec. If execve fails, the signals are restored.
 */
public final class ExecCall {

    private static final int FIRST = 3;
    private static final long LAST = 0xFFFF_FFFFL;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;
    private static final int SIG_SETMASK = 2;
    private static final long SIG_DFL = 0;
    private static final long SIG_IGN = 1;

    private final Arena arena;

    private ExecCall(Arena arena) {
        this.arena = arena;
    }

    /**
     * Tries one name after the other, like execvp(3).
     *
     * @param names the candidate files
     * @param arguments the arguments; the first is the program's name
     * @param environment the environment, {@code NAME=value}
     * @return the errno of the first name that fails for a reason other than a missing or inaccessible file; if there is
     *     none, EACCES if a name gave it, else the errno of the last name
     * @throws IllegalArgumentException if a word cannot be passed on
     */
    public static Errno attempt(List<String> names, List<String> arguments, List<String> environment) {
        try (Arena arena = Arena.ofConfined()) {
            return new ExecCall(arena).run(names, arguments, environment);
        }
    }

    private Errno run(List<String> names, List<String> arguments, List<String> environment) {
        long[] paths = names.stream().mapToLong(this::text).toArray();
        long argv = array(arguments);
        long envp = array(environment);
        MemorySegment mask = arena.allocate(JAVA_LONG);
        List<Long> ignored = stopIgnoring();
        signalMask(arena.allocate(JAVA_LONG).address(), mask.address());
        try {
            closeOnExec(); // last, because other threads still run and may open files
            return execute(paths, argv, envp);
        } finally {
            signalMask(mask.address(), 0);
            ignored.forEach(signal -> dispose(signal, SIG_IGN));
        }
    }

    private static Errno execute(long[] paths, long argv, long envp) {
        Errno said = Errno.ENOENT;
        for (long path : paths) {
            Errno errno = Errno.of(Syscalls.call(Syscall.EXECVE, path, argv, envp));
            if (!isMissing(errno)) {
                return errno;
            }
            said = said.equals(Errno.EACCES) ? said : errno;
        }
        return said;
    }

    private static boolean isMissing(Errno errno) {
        return errno.equals(Errno.ENOENT) || errno.equals(Errno.EACCES) || errno.number() == linux_caps_h.ENOTDIR()
                || errno.number() == linux_caps_h.ELOOP();
    }

    private void closeOnExec() {
        if (Syscalls.call(Syscall.CLOSE_RANGE, FIRST, LAST, CLOSE_RANGE_CLOEXEC) != 0) { // before Linux 5.11
            Proc.descriptors().stream().filter(descriptor -> descriptor >= FIRST)
                    .forEach(descriptor -> Syscalls.call(Syscall.FCNTL, descriptor, F_SETFD, FD_CLOEXEC));
        }
    }

    private List<Long> stopIgnoring() {
        List<Long> ignored = new ArrayList<>();
        MemorySegment found = arena.allocate(Instructions.SIGACTION, Long.BYTES);
        Instructions.settable().asLongStream().forEach(signal -> {
            Syscalls.call(Syscall.RT_SIGACTION, signal, 0, found.address(), Instructions.SIGSET);
            if (found.get(JAVA_LONG, 0) == SIG_IGN) {
                ignored.add(signal);
                dispose(signal, SIG_DFL);
            }
        });
        return ignored;
    }

    private void dispose(long signal, long disposition) {
        MemorySegment action = arena.allocate(Instructions.SIGACTION, Long.BYTES);
        action.set(JAVA_LONG, 0, disposition);
        Syscalls.call(Syscall.RT_SIGACTION, signal, action.address(), 0, Instructions.SIGSET);
    }

    private static void signalMask(long set, long get) {
        Syscalls.call(Syscall.RT_SIGPROCMASK, SIG_SETMASK, set, get, Instructions.SIGSET);
    }

    private long text(String word) {
        return arena.allocateFrom(JAVA_BYTE, CString.terminated(word)).address();
    }

    private long array(List<String> words) {
        MemorySegment array = arena.allocate(JAVA_LONG, words.size() + 1L);
        for (int i = 0; i < words.size(); i++) {
            array.setAtIndex(JAVA_LONG, i, text(words.get(i)));
        }
        return array.address();
    }
}
