package nucleus.caps.internal.kernel;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;

/**
 * The io_uring rings of this process, io_uring(7). A ring acts with the privileges of the thread that made it.
 *
 * @param allowed whether the caller accepts them
 */
record Rings(AllThreads threads, Questions questions, boolean allowed) {

    /** Looks at every descriptor table at least once. */
    void requireNone(Outcome outcome) {
        if (allowed) {
            return;
        }
        Answer self = outcome.living().getFirst();
        for (Answer answer : outcome.living()) {
            boolean own = answer.tid() == self.tid();
            if (own || !questions.sharesDescriptors(self, answer)) {
                List<Integer> rings = threads.rings(answer.tid());
                if (!rings.isEmpty()) {
                    throw inUse("descriptors " + rings + (own ? "" : " of thread " + answer.tid()));
                }
            }
        }
        if (!outcome.workers().isEmpty()) {
            throw inUse("kernel thread " + outcome.workers().getFirst());
        }
    }

    private static CapsException inUse(String where) {
        return Errno.NONE.exception("Scope.PROCESS", "io_uring is in use (" + where + "); a ring keeps the privileges of the"
                + " thread that created it; create the rings after the drop, and keep CAP_NET_BIND_SERVICE if a port below 1024"
                + " is bound then, or use the option allowIoUring()");
    }
}
