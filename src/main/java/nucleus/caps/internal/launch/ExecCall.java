package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
 * <p>The program has the signal mask of the main thread, which a JVM leaves as it was at the start. Signals that this JVM
 * ignores stay ignored. If execve fails, the mask of the calling thread is restored.
 */
final class ExecCall {

    private static final int SIG_SETMASK = 2;

    private final Arena arena;
    private final List<String> arguments;
    private final long environment;

    private ExecCall(Arena arena, List<String> arguments, Optional<List<String>> environment) {
        this.arena = arena;
        this.arguments = arguments;
        this.environment = environment.isPresent() ? array(environment.get()) : ownEnvironment();
    }

    /**
     * Tries one name after the other, like execvp(3). The shell runs a file that is no program and names no
     * interpreter.
     *
     * @param names the candidate files
     * @param arguments the arguments; the first is the program's name
     * @param environment the environment, {@code NAME=value}, or empty for that of this process
     * @param descriptors the descriptors that the program gets
     * @return the errno of the first name that fails for a reason other than a missing or inaccessible file; if there is
     *     none, EACCES if a name gave it, else the errno of the last name
     * @throws IllegalArgumentException if a word cannot be passed on
     */
    static Errno attempt(List<String> names, List<String> arguments, Optional<List<String>> environment,
                         KeptDescriptors descriptors) {
        try (Arena arena = Arena.ofConfined()) {
            return new ExecCall(arena, arguments, environment).run(names, descriptors);
        }
    }

    private Errno run(List<String> names, KeptDescriptors descriptors) {
        long[] paths = names.stream().mapToLong(this::text).toArray();
        long argv = array(arguments);
        long[] shellArgv = names.stream().mapToLong(this::forShell).toArray();
        long shell = text(Instructions.SHELL);
        MemorySegment mask = arena.allocateFrom(JAVA_LONG, Proc.signalMaskOfMainThread());
        MemorySegment before = arena.allocate(JAVA_LONG);
        signalMask(mask.address(), before.address());
        try {
            descriptors.closeOthersOnExec(); // last, because other threads still run and may open files
            Errno said = Errno.ENOENT;
            for (int i = 0; i < paths.length; i++) {
                Errno errno = execute(paths[i], argv);
                if (errno.number() == linux_caps_h.ENOEXEC() && isForShell(names.get(i))) {
                    errno = execute(shell, shellArgv[i]);
                }
                if (!isMissing(errno)) {
                    return errno;
                }
                said = said.equals(Errno.EACCES) ? said : errno;
            }
            return said;
        } finally {
            signalMask(before.address(), 0);
        }
    }

    private Errno execute(long path, long argv) {
        return Errno.of(Syscalls.call(Syscall.EXECVE, path, argv, environment));
    }

    /** A program of another processor is not for the shell. */
    private static boolean isForShell(String name) {
        return Interpreter.isShell(PathSearch.HERE.resolve(name), PathSearch.HERE);
    }

    private static boolean isMissing(Errno errno) {
        return errno.equals(Errno.ENOENT) || errno.equals(Errno.EACCES) || errno.number() == linux_caps_h.ENOTDIR()
                || errno.number() == linux_caps_h.ELOOP();
    }

    private long forShell(String script) {
        List<String> words = new ArrayList<>(List.of(Instructions.SHELL, script));
        words.addAll(arguments.subList(1, arguments.size()));
        return array(words);
    }

    /** The JDK decodes the environment. These are the original bytes. */
    private static long ownEnvironment() {
        MemorySegment variable = Linker.nativeLinker().defaultLookup().find("environ").orElseThrow();
        return variable.reinterpret(ADDRESS.byteSize()).get(JAVA_LONG, 0);
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
