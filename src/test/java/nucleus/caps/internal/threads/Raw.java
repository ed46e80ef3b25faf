package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;

/** System calls that the tests make on the calling thread, and calls for programs. */
final class Raw {

    static final Processor PROCESSOR = Processor.of(System.getProperty("os.arch"));
    static final Machine MACHINE = new Machine(PROCESSOR);

    static final int SIG_UNBLOCK = 1;
    static final int SIG_BLOCK = 0;
    static final int RLIMIT_NOFILE = 7;
    static final int RLIMIT_SIGPENDING = 11;
    private static final int PR_SET_NAME = 15;
    private static final int MARK = 24;
    private static final boolean AMD64 = PROCESSOR == Processor.X86_64;
    private static final int PRLIMIT64 = AMD64 ? 302 : 261;
    private static final int PERSONALITY = AMD64 ? 135 : 92;
    private static final int EVENTFD2 = AMD64 ? 290 : 19;
    private static final int EXIT = AMD64 ? 60 : 93;
    private static final int EFD_NONBLOCK = 0x800;

    /** These calls change nothing. */
    static final Call GETTID = Call.of(Syscall.GETTID);
    static final Call GETPID = Call.of(Syscall.GETPID);

    private Raw() {
    }

    static int gettid() {
        return (int) MACHINE.call(Syscall.GETTID);
    }

    static int getpid() {
        return (int) MACHINE.call(Syscall.GETPID);
    }

    /** {@return a result, or minus an errno} */
    static long call(int number, long... arguments) {
        long[] a = Arrays.copyOf(arguments, Call.MAX_ARGUMENTS);
        return MACHINE.call(number, a[0], a[1], a[2], a[3], a[4], a[5]);
    }

    /** {@return a program that only asks} */
    static Program asking(Call... questions) {
        return new Program(List.of(), List.of(questions), 0);
    }

    /** {@return a program that only changes} */
    static Program changing(Call... changes) {
        return new Program(Arrays.stream(changes).map(call -> new Program.Row(call, false)).toList(), List.of(), 0);
    }

    /** {@return a call that gives each thread this name, which /proc shows} */
    static Call rename(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return Call.of(Syscall.PRCTL, PR_SET_NAME).with(arena.allocateFrom(name));
        }
    }

    /** {@return the names of all threads, by id} */
    static Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>();
        each("comm", names::put);
        return names;
    }

    /** {@return a call that sets three unused flags of personality(2); new threads inherit them} */
    static Call mark(int number) {
        return Call.of(PERSONALITY, (long) number << MARK);
    }

    /** {@return the marks of all threads, by id} */
    static Map<Integer, Integer> marks() {
        Map<Integer, Integer> marks = new TreeMap<>();
        each("personality", (tid, text) -> marks.put(tid, Integer.parseInt(text, 16) >>> MARK));
        return marks;
    }

    private static void each(String file, BiConsumer<Integer, String> reader) {
        for (String tid : new File("/proc/self/task").list()) {
            try {
                reader.accept(Integer.valueOf(tid), Files.readString(Path.of("/proc/self/task", tid, file)).strip());
            } catch (IOException e) {
                // the thread has ended
            }
        }
    }

    /** Counts how often threads make a call. */
    static final class Tally {

        private final long descriptor = Raw.call(EVENTFD2, 0, EFD_NONBLOCK);

        /** {@return a call that adds one to an eventfd(2)} */
        Call call() {
            return Call.of(Syscall.WRITE, descriptor).with(MemorySegment.ofArray(new long[] {1})).with(Long.BYTES);
        }

        long count() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocate(JAVA_LONG);
                MACHINE.call(Syscall.READ, descriptor, count.address(), Long.BYTES);
                return count.get(JAVA_LONG, 0);
            }
        }
    }

    /** {@return a call that ends the thread that makes it} */
    static Call exit() {
        return Call.of(EXIT, 0);
    }

    /** Blocks or unblocks the signal on the calling thread. The C library does not notice. */
    static void mask(int how) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(JAVA_LONG);
            set.set(JAVA_LONG, 0, 1L << Signal.NUMBER - 1);
            done(MACHINE.call(Syscall.RT_SIGPROCMASK, how, set.address(), 0, 8));
        }
    }

    /** Sets the soft limit of a resource; {@return the limit before} */
    static long limit(int resource, long limit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(JAVA_LONG, 2);
            done(Raw.call(PRLIMIT64, 0, resource, 0, old.address()));
            MemorySegment now = arena.allocate(JAVA_LONG, 2).copyFrom(old);
            now.set(JAVA_LONG, 0, limit);
            done(Raw.call(PRLIMIT64, 0, resource, now.address(), 0));
            return old.get(JAVA_LONG, 0);
        }
    }

    /** {@return the action of the signal: handler, flags, restorer, mask} */
    static String action() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(JAVA_LONG, 4);
            done(MACHINE.call(Syscall.RT_SIGACTION, Signal.NUMBER, 0, action.address(), 8));
            return "%x %x %x %x".formatted(action.getAtIndex(JAVA_LONG, 0), action.getAtIndex(JAVA_LONG, 1),
                    action.getAtIndex(JAVA_LONG, 2), action.getAtIndex(JAVA_LONG, 3));
        }
    }

    private static void done(long result) {
        if (result != 0) {
            throw new IllegalStateException("a system call answered " + result);
        }
    }
}
