package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * The parent-death signal, PR_SET_PDEATHSIG(2const). Each thread has its own attribute, and the kernel clears it when the uid
 * or the gid of the thread changes. The signal goes to the whole process, whichever thread has the attribute.
 *
 * <p>A program that switches the identity therefore sets the signal that one thread had on every thread that runs the program.
 * The first thread has it before the second one switches, so the signal is lost at no moment.
 */
public final class DeathSignal {

    /** PR_GET_PDEATHSIG(2const). The bindings do not have it. */
    static final int GET = 2;

    private DeathSignal() {
    }

    /** {@return the signal of the calling thread, or 0} */
    public static int ofThisThread() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment signal = arena.allocate(JAVA_INT);
            return Syscalls.call(Syscall.PRCTL, GET, signal.address()) == 0 ? signal.get(JAVA_INT, 0) : 0;
        }
    }

    static CapsException lost(int signal, int tid) {
        return Errno.NONE.exception("prctl(PR_SET_PDEATHSIG, " + signal + ")",
                "the parent-death signal of thread " + tid + " is lost");
    }
}
