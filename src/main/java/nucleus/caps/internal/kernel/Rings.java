package nucleus.caps.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
record Rings(AllThreads threads, boolean allowed) {

    /**
     * Looks at every descriptor table at least once. All threads have answered before, so a ring that is made from now on has
     * the credentials that they reported.
     */
    void requireNone(Outcome outcome) {
        if (allowed) {
            return;
        }
        List<Integer> tids = new ArrayList<>();
        for (Answer answer : outcome.living()) {
            tids.add(answer.tid());
        }
        Optional<String> found = threads.rings(tids);
        if (found.isPresent()) {
            throw inUse(found.get());
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
