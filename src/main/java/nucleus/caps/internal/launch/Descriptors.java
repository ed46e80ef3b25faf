package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** Descriptors without a JDK class: pipes to a child, and a program in memory. All are close-on-exec. */
public final class Descriptors {

    private static final int O_CLOEXEC = 0x80000;
    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_EXEC = 0x10;
    private static final int F_ADD_SEALS = 1033;
    private static final int EVERY_SEAL = 0xF; // seal, shrink, grow, write
    private static final short POLLIN = 1;

    private Descriptors() {
    }

    /**
     * The two ends of a pipe.
     *
     * @param from the end to read from
     * @param to the end to write to
     */
    public record Pipe(int from, int to) {
    }

    /**
     * {@return a new pipe}
     *
     * @throws CapsException if the limit of descriptors is reached
     */
    public static Pipe pipe() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment ends = arena.allocate(JAVA_INT, 2);
            checked("pipe2()", Syscalls.call(Syscall.PIPE2, ends.address(), O_CLOEXEC), "a launch needs two pipes");
            return new Pipe(ends.getAtIndex(JAVA_INT, 0), ends.getAtIndex(JAVA_INT, 1));
        }
    }

    /**
     * {@return a descriptor of a program in memory} Its seals make the program unchangeable.
     *
     * @throws CapsException EACCES if {@code vm.memfd_noexec} forbids it
     */
    public static int program(String name, byte[] content) {
        int descriptor = create(name);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocateFrom(JAVA_BYTE, content);
            for (long done = 0; done < content.length;) {
                done += checked("write(memfd)", Syscalls.call(Syscall.WRITE, descriptor, bytes.address() + done,
                        content.length - done), "the image of a launch could not be written");
            }
            checked("fcntl(memfd, F_ADD_SEALS)", Syscalls.call(Syscall.FCNTL, descriptor, F_ADD_SEALS, EVERY_SEAL),
                    "the image of a launch could not be sealed");
            return descriptor;
        } catch (CapsException e) {
            close(descriptor);
            throw e;
        }
    }

    private static int create(String name) {
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(name).address();
            int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
            long result = Syscalls.call(Syscall.MEMFD_CREATE, address, flags | MFD_EXEC);
            if (Errno.EINVAL.is(result)) { // before Linux 6.3
                result = Syscalls.call(Syscall.MEMFD_CREATE, address, flags);
            }
            return (int) checked("memfd_create(MFD_EXEC)", result, Errno.EACCES.is(result)
                    ? "the sysctl vm.memfd_noexec forbids a program in memory, which a launch starts with"
                    : "a launch starts with a program in memory; a seccomp filter may forbid that");
        }
    }

    /** {@return whether data or the end of file can be read within that time} */
    public static boolean readable(int descriptor, Duration patience) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment poll = arena.allocate(8, 4);
            poll.set(JAVA_INT, 0, descriptor);
            poll.set(JAVA_SHORT, 4, POLLIN);
            MemorySegment time = arena.allocate(JAVA_LONG, 2);
            time.setAtIndex(JAVA_LONG, 0, patience.toSeconds());
            time.setAtIndex(JAVA_LONG, 1, patience.toNanosPart());
            long result = Syscalls.call(Syscall.PPOLL, poll.address(), 1, time.address(), 0, 0);
            return !Errno.EINTR.is(result) && checked("ppoll()", result, "the kernel refused it") > 0;
        }
    }

    /** {@return at most that many bytes; none at the end of file} */
    public static byte[] read(int descriptor, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            long result;
            do {
                result = Syscalls.call(Syscall.READ, descriptor, bytes.address(), length);
            } while (Errno.EINTR.is(result));
            checked("read()", result, "the kernel refused it");
            return bytes.asSlice(0, result).toArray(JAVA_BYTE);
        }
    }

    /** {@return whether one byte was written; false if the other end is closed} */
    public static boolean writeByte(int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            long result;
            do {
                result = Syscalls.call(Syscall.WRITE, descriptor, arena.allocate(1).address(), 1);
            } while (Errno.EINTR.is(result));
            return result == 1;
        }
    }

    public static void close(int descriptor) {
        Syscalls.call(Syscall.CLOSE, descriptor);
    }

    /** {@return whether close_range(2) is available} */
    public static boolean closeRangeIsKnown() {
        long none = 0xFFFF_FFFFL;
        return Syscalls.call(Syscall.CLOSE_RANGE, none, none, 0) == 0;
    }

    private static long checked(String syscall, long result, String rule) {
        if (result < 0) {
            throw Errno.of(result).exception(syscall, rule);
        }
        return result;
    }
}
