package privileged.harness;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A seccomp filter on the calling thread: it makes some of its calls fail, or holds them. */
public final class SeccompFilter {

    /** Stands for an argument that a filter does not look at. */
    public static final long ANY = Long.MIN_VALUE;

    /** With this a filter lets a call answer 0 without being made. */
    public static final int IGNORED = 0;

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

    private SeccompFilter() {
    }

    /** Lets every such call of this thread, with those first arguments, fail from now on. */
    public static void refuse(int errno, Syscalls.Call call, long... arguments) {
        filter(0, SECCOMP_RET_ERRNO | errno, call, arguments);
    }

    /** Lets every such call of this thread wait until it is let go; gives what that is done with. */
    public static long hold(Syscalls.Call call, long... arguments) {
        return filter(SECCOMP_FILTER_FLAG_NEW_LISTENER, SECCOMP_RET_USER_NOTIF, call, arguments);
    }

    /**
     * A call that waits.
     *
     * @param id what the kernel calls it
     * @param process the process that makes it
     */
    public record Waiting(long id, int process) {
    }

    /** Waits until there is a call that waits; gives nothing where a signal comes first. */
    public static Optional<Waiting> await(long held) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment call = arena.allocate(NOTIF_SIZE, 8);
            return Syscalls.make(Syscalls.Call.IOCTL.number(), held, SECCOMP_IOCTL_NOTIF_RECV, call.address()) == 0
                    ? Optional.of(new Waiting(call.get(JAVA_LONG, 0), call.get(JAVA_INT, 8))) : Optional.empty();
        }
    }

    /** Lets a call that waits be made. */
    public static void letGo(long held, Waiting call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment response = arena.allocate(RESPONSE_SIZE, 8);
            response.set(JAVA_LONG, 0, call.id());
            response.set(JAVA_INT, 20, SECCOMP_USER_NOTIF_FLAG_CONTINUE);
            Syscalls.make(Syscalls.Call.IOCTL.number(), held, SECCOMP_IOCTL_NOTIF_SEND, response.address());
        }
    }

    /** Lets a call that waits be made, once there is one; a signal can come first. */
    public static void letGo(long held) {
        await(held).ifPresent(call -> letGo(held, call));
    }

    private static long filter(int flags, int action, Syscalls.Call call, long... arguments) {
        int length = 3 + 2 * arguments.length + 1;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment filter = arena.allocate((long) length * INSTRUCTION, 8);
            instruction(filter, 0, LOAD_WORD, 0, 0);
            instruction(filter, 1, JUMP_IF_EQUAL, length - 3, call.number());
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
            long result = Syscalls.make(Syscalls.Call.SECCOMP.number(), SECCOMP_SET_MODE_FILTER, flags, program.address());
            if (result < 0) {
                throw new IllegalStateException("the kernel refuses the filter");
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
}
