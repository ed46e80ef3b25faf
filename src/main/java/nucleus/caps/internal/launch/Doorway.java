package nucleus.caps.internal.launch;

import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;

/** The directory in /proc where a child finds the image and the pipes. It must be open until the child has opened them. */
final class Doorway implements AutoCloseable {

    private final Optional<WeakThread> thread;

    private Doorway(Optional<WeakThread> thread) {
        this.thread = thread;
    }

    /** {@return the directory for a child of the calling thread} The calling thread must not end before the doorway. */
    static Doorway of(ChildPlan plan) {
        return new Doorway(plan.startsWeaker() ? Optional.of(new WeakThread()) : Optional.empty());
    }

    /**
     * Requires that a child may look at this process at all.
     *
     * @throws CapsException EACCES if this process is not dumpable, and the child does not start with CAP_SYS_PTRACE
     */
    static void require(ChildPlan plan) {
        long dumpable = ProcessCalls.dumpable();
        if (dumpable != 1 && !plan.startsTracing()) {
            throw Errno.EACCES.exception("execve(" + Proc.descriptorsForOthers() + ")", "a launch starts with a program in"
                    + " memory, and the child cannot reach it: this process is not dumpable (PR_GET_DUMPABLE gives "
                    + dumpable + "), because it has changed its ids or java has file capabilities, and the child does not"
                    + " start with CAP_SYS_PTRACE");
        }
    }

    String descriptors() {
        return thread.map(WeakThread::descriptors).orElseGet(Proc::descriptorsForOthers);
    }

    @Override
    public void close() {
        thread.ifPresent(WeakThread::close);
    }
}
