package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Calls that the tests make by themselves, on the calling thread. */
final class Raw {

    static final Processor PROCESSOR = Processor.of(System.getProperty("os.arch"));
    static final Machine MACHINE = new Machine(PROCESSOR);
    static final Numbers NUMBERS = PROCESSOR.numbers();

    static final int SIG_UNBLOCK = 1;
    static final int SIG_BLOCK = 0;
    private static final int PR_SET_NAME = 15;
    private static final int MARK = 24;
    static final int RLIMIT_NOFILE = 7;
    static final int RLIMIT_SIGPENDING = 11;
    private static final boolean AMD64 = PROCESSOR == Processor.X86_64;
    private static final int SIGPROCMASK = AMD64 ? 14 : 135;
    private static final int PRLIMIT = AMD64 ? 302 : 261;

    /** Calls that no two threads answer alike, and that change nothing. */
    static final Call GETTID = Call.of(NUMBERS.gettid());
    static final Call GETPID = Call.of(NUMBERS.getpid());

    private Raw() {
    }

    static int gettid() {
        return (int) MACHINE.call(NUMBERS.gettid());
    }

    static int getpid() {
        return (int) MACHINE.call(NUMBERS.getpid());
    }

    /** A call that gives each thread this name; it can be seen in /proc who has made it. */
    static Call rename(String name) {
        try (Arena arena = Arena.ofConfined()) {
            return Call.of(AMD64 ? 157 : 167, PR_SET_NAME).with(arena.allocateFrom(name));
        }
    }

    /** The names of all threads, by id. */
    static Map<Integer, String> names() {
        Map<Integer, String> names = new TreeMap<>();
        each("comm", names::put);
        return names;
    }

    /** A call that sets three flags of personality(2) which nothing looks at; new threads inherit them. */
    static Call mark(int number) {
        return Call.of(AMD64 ? 135 : 92, (long) number << MARK);
    }

    /** The marks of all threads, by id. */
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
                // it has ended
            }
        }
    }

    /** Counts how often threads make a call. */
    static final class Tally {

        private final long descriptor = MACHINE.call(AMD64 ? 290 : 19, 0, 0);

        /** eventfd(2) adds up what is written. */
        Call call() {
            return Call.of(AMD64 ? 1 : 64, descriptor).with(MemorySegment.ofArray(new long[] {1})).with(Long.BYTES);
        }

        long count() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment count = arena.allocate(JAVA_LONG);
                MACHINE.call(NUMBERS.read(), descriptor, count.address(), Long.BYTES);
                return count.get(JAVA_LONG, 0);
            }
        }
    }

    /** A call that ends the thread that makes it. */
    static Call exit() {
        return Call.of(AMD64 ? 60 : 93, 0);
    }

    /** Blocks or unblocks the signal on the calling thread, behind the back of the C library. */
    static void mask(int how) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment set = arena.allocate(JAVA_LONG);
            set.set(JAVA_LONG, 0, 1L << Signal.NUMBER - 1);
            done(MACHINE.call(SIGPROCMASK, how, set.address(), 0, 8));
        }
    }

    /** Sets the soft limit of a resource; {@return what it was} */
    static long limit(int resource, long limit) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment old = arena.allocate(JAVA_LONG, 2);
            done(MACHINE.call(PRLIMIT, 0, resource, 0, old.address()));
            MemorySegment now = arena.allocate(JAVA_LONG, 2).copyFrom(old);
            now.set(JAVA_LONG, 0, limit);
            done(MACHINE.call(PRLIMIT, 0, resource, now.address(), 0));
            return old.get(JAVA_LONG, 0);
        }
    }

    /** The action of the signal: handler, flags, restorer, mask. */
    static String action() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment action = arena.allocate(JAVA_LONG, 4);
            done(MACHINE.call(NUMBERS.sigaction(), Signal.NUMBER, 0, action.address(), 8));
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
