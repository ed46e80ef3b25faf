package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nucleus.caps.CapsException;

/**
 * The signal that tells a thread to run the program: the one that the C library reaches all threads with, too, and does
 * not let them block. Its own handler takes nothing that was queued, so what comes late does not disturb it.
 *
 * <p>sigaction(3) refuses this signal; rt_sigaction does not.
 */
final class Signal {

    static final int NUMBER = 33;

    private static final long SA_SIGINFO = 4;
    private static final long SA_RESTORER = 0x0400_0000;
    private static final long SA_ONSTACK = 0x0800_0000;
    private static final long SA_RESTART = 0x1000_0000;
    private static final long EVERY_SIGNAL = -1;
    private static final long MASK_SIZE = 8;
    private static final long SIG_IGN = 1;

    /** The kernel's struct sigaction: handler, flags, restorer, mask. */
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

    Signal(Machine machine, int pid) {
        this.machine = machine;
        this.pid = pid;
        ours.set(JAVA_LONG, 0, machine.entry());
        ours.set(JAVA_LONG, 8, SA_SIGINFO | SA_RESTART | SA_ONSTACK | (machine.restorer() == 0 ? 0 : SA_RESTORER));
        ours.set(JAVA_LONG, 16, machine.restorer());
        ours.set(JAVA_LONG, 24, EVERY_SIGNAL);
    }

    /** Installs the handler for a round. The one found there takes what is not for ours. */
    void install(ControlBlock block) {
        info.set(JAVA_INT, 0, NUMBER);
        info.set(JAVA_INT, 8, SI_QUEUE);
        info.set(JAVA_INT, 16, pid);
        info.set(JAVA_INT, 20, (int) machine.call(machine.numbers().getuid()));
        info.set(JAVA_LONG, 24, block.address());
        if (!installed()) {
            found.copyFrom(now);
            long handler = found.get(JAVA_LONG, 0);
            machine.previous(handler > SIG_IGN ? handler : 0);
        }
        action(ours, MemorySegment.NULL, "the signal handler cannot be installed");
        machine.current(block.address());
    }

    /** From now on a signal that is still under way runs nothing. */
    void disarm() {
        machine.current(0);
    }

    /** Puts back what was found, unless somebody has put something else there. */
    void restore() {
        try {
            if (installed()) {
                action(found, MemorySegment.NULL, "the handler that was there cannot be put back");
            }
        } catch (CapsException e) {
            throw Refusals.afterChange(e);
        }
    }

    private boolean installed() {
        action(MemorySegment.NULL, now, "the signal handler cannot be read");
        return now.get(JAVA_LONG, 0) == machine.entry();
    }

    private void action(MemorySegment set, MemorySegment get, String rule) {
        long result = machine.call(machine.numbers().sigaction(), NUMBER, set.address(), get.address(), MASK_SIZE);
        if (result != 0) {
            throw Refusals.of("rt_sigaction(" + NUMBER + ")", result, rule);
        }
    }

    /** {@return 0, or minus an errno} */
    long send(int tid) {
        return machine.call(machine.numbers().queue(), pid, tid, NUMBER, info.address());
    }
}
