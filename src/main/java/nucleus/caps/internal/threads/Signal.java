package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;

/**
 * The signal that makes a thread run the program. The C library uses the same signal to reach all threads, and does not let
 * them block it. The handler of the C library ignores queued signals, so a late signal does not disturb it.
 *
 * <p>sigaction(3) refuses this signal; rt_sigaction does not.
 */
final class Signal {

    static final int NUMBER = 33;

    private static final int RT_SIGACTION = Syscall.RT_SIGACTION.number();
    private static final int RT_TGSIGQUEUEINFO = Syscall.RT_TGSIGQUEUEINFO.number();

    private static final long SA_SIGINFO = 4;
    private static final long SA_RESTORER = 0x0400_0000;
    private static final long SA_ONSTACK = 0x0800_0000;
    private static final long SA_RESTART = 0x1000_0000;
    private static final long EVERY_SIGNAL = -1;
    private static final long MASK_SIZE = 8;
    private static final long SIG_IGN = 1;

    /** The kernel's struct sigaction: handler, flags, on some processors restorer, mask. */
    private static final long ACTION_SIZE = 32;

    /** struct siginfo */
    private static final long INFO_SIZE = 128;
    private static final int SI_QUEUE = -1;

    private final Machine machine;
    private final int pid;
    private final MemorySegment info = Arena.global().allocate(INFO_SIZE, 8);
    private final MemorySegment ours = Arena.global().allocate(ACTION_SIZE, 8);
    private final MemorySegment found = Arena.global().allocate(ACTION_SIZE, 8);
    private final MemorySegment now = Arena.global().allocate(ACTION_SIZE, 8);
    private boolean chained;

    Signal(Machine machine, int pid) {
        this.machine = machine;
        this.pid = pid;
        ours.set(JAVA_LONG, 0, machine.entry());
        ours.set(JAVA_LONG, 8, SA_SIGINFO | SA_RESTART | SA_ONSTACK | (machine.restorer() == 0 ? 0 : SA_RESTORER));
        ours.set(JAVA_LONG, 16, machine.restorer());
        ours.set(JAVA_LONG, machine.mask(), EVERY_SIGNAL); // last: without the field for the restorer, the mask lies there
    }

    /**
     * Installs the handler for a round. It passes the signals of others to the handler that the first call found. A handler
     * that a later call finds may belong to another copy of this library, which may itself pass signals to this handler.
     */
    void install(ControlBlock block) {
        info.set(JAVA_INT, 0, NUMBER);
        info.set(JAVA_INT, 8, SI_QUEUE);
        info.set(JAVA_INT, 16, pid);
        info.set(JAVA_INT, 20, (int) machine.call(Syscall.GETUID));
        info.set(JAVA_LONG, 24, block.address());
        if (!installed()) {
            found.copyFrom(now);
            if (!chained) {
                chained = true;
                long handler = found.get(JAVA_LONG, 0);
                machine.previous(handler > SIG_IGN ? handler : 0);
            }
        }
        check(set(ours), "the signal handler cannot be installed");
        if (!installed()) {
            throw Errno.NONE.exception("rt_sigaction(" + NUMBER + ")", "the kernel accepted the signal handler but reports"
                    + " another one");
        }
        machine.current(block.address());
    }

    /** Makes signals that are still pending run nothing. */
    void disarm() {
        machine.current(0);
    }

    /**
     * Restores the handler that was found, unless another one has replaced this one since. Allocates nothing.
     *
     * @return whether this handler is no longer installed. If the kernel refuses, it stays, which is harmless
     */
    boolean restore() {
        return get(now) == 0 && (now.get(JAVA_LONG, 0) != machine.entry() || set(found) == 0);
    }

    private boolean installed() {
        check(get(now), "the signal handler cannot be read");
        return now.get(JAVA_LONG, 0) == machine.entry();
    }

    private long get(MemorySegment action) {
        return machine.call(RT_SIGACTION, NUMBER, 0, action.address(), MASK_SIZE, 0, 0);
    }

    private long set(MemorySegment action) {
        return machine.call(RT_SIGACTION, NUMBER, action.address(), 0, MASK_SIZE, 0, 0);
    }

    private static void check(long result, String rule) {
        if (result != 0) {
            throw Errno.of(result).exception("rt_sigaction(" + NUMBER + ")", rule);
        }
    }

    /** {@return 0, or minus an errno} The answer carries the number {@code ask}. */
    long send(int tid, int ask) {
        info.set(JAVA_INT, 4, ask);
        return machine.call(RT_TGSIGQUEUEINFO, pid, tid, NUMBER, info.address(), 0, 0);
    }
}
