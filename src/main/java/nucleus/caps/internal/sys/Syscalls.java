package nucleus.caps.internal.sys;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.ffi.linux_caps_h._LINUX_CAPABILITY_VERSION_3;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import nucleus.caps.CapabilitySet;

/** Raw system calls on the calling thread. The result is that of the kernel: a value, or a negated errno. */
public final class Syscalls {

    /** Two structs of three words: effective, permitted and inheritable, for the lower and then the upper capabilities. */
    private static final int WORDS = 6;

    private Syscalls() {
    }

    /** The sets that capget(2) reports for the calling thread. */
    public record CapData(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {
    }

    private record Copies(Arena arena) implements Call.Memory {
        @Override
        public long store(MemorySegment content) {
            return arena.allocate(Math.max(1, content.byteSize()), Long.BYTES).copyFrom(content).address();
        }
    }

    /** Links the downcall now. */
    public static void initialise() {
        Downcall.state();
    }

    /** Pid 0 is the calling thread. getpid() would name another thread, even on the main thread of a JVM. */
    public static CapData capget() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment header = arena.allocateFrom(JAVA_INT, _LINUX_CAPABILITY_VERSION_3(), 0);
            MemorySegment data = arena.allocate(JAVA_INT, WORDS);
            long result = Downcall.SYSCALL.call(arena.allocate(Downcall.state()), Syscall.CAPGET.number(), header.address(),
                    data.address(), 0, 0, 0, 0);
            if (result != 0) {
                throw Errno.of(result).exception("capget()");
            }
            return new CapData(set(data, 0), set(data, 1), set(data, 2));
        }
    }

    private static CapabilitySet set(MemorySegment data, int index) {
        long low = Integer.toUnsignedLong(data.getAtIndex(JAVA_INT, index));
        long high = data.getAtIndex(JAVA_INT, index + WORDS / 2);
        return new CapabilitySet(low | high << Integer.SIZE);
    }

    /** Makes a call on the calling thread. */
    public static long call(Call call) {
        try (Arena arena = Arena.ofConfined()) {
            long[] r = call.registers(new Copies(arena));
            return Downcall.SYSCALL.call(arena.allocate(Downcall.state()), r[0], r[1], r[2], r[3], r[4], r[5], r[6]);
        }
    }

    /**
     * {@return the results of these calls, made on the calling thread in this order}
     *
     * @param own the thread's own memory, which starts with zeros
     */
    public static long[] call(List<Call> calls, MemorySegment own) {
        try (Arena arena = Arena.ofConfined()) {
            Copies copies = new Copies(arena);
            MemorySegment state = arena.allocate(Downcall.state());
            long[] results = new long[calls.size()];
            for (int i = 0; i < results.length; i++) {
                long[] r = calls.get(i).registers(copies);
                int offsets = calls.get(i).ownArguments();
                for (int argument = 0; argument < Call.MAX_ARGUMENTS; argument++) {
                    r[1 + argument] += (offsets >>> argument & 1) * own.address();
                }
                results[i] = Downcall.SYSCALL.call(state, r[0], r[1], r[2], r[3], r[4], r[5], r[6]);
            }
            return results;
        }
    }

    /** Makes a call on the calling thread. The caller keeps the memory behind its pointers alive. */
    public static long call(Syscall syscall, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            long[] r = Arrays.copyOf(arguments, WORDS);
            return Downcall.SYSCALL.call(arena.allocate(Downcall.state()), syscall.number(), r[0], r[1], r[2], r[3], r[4], r[5]);
        }
    }
}
