package nucleus.caps.internal.threads;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The threads that block the signal since an earlier round. The signal of that round is still pending on each of them, so no
 * round sends them another one.
 */
final class Unanswered {

    /** The ask of each thread, by its id. */
    private final Map<Integer, Ask> asks = new LinkedHashMap<>();

    /** Remembers an ask without an answer, if its thread blocked the signal when it was looked at last. */
    void add(Ask ask) {
        if (ask.blockedSince != 0) {
            asks.put(ask.tid, ask);
        }
    }

    /** {@return the asks of the threads that still block the signal} Forgets the others. They can answer, or have ended. */
    List<Ask> blocking(Tasks tasks) {
        if (!asks.isEmpty()) {
            TaskListing listing = tasks.list();
            for (Iterator<Ask> each = asks.values().iterator(); each.hasNext();) {
                Ask ask = each.next();
                if (listing.showsAnother(ask) || !tasks.stat(ask.tid).blocks()) {
                    each.remove();
                }
            }
        }
        return List.copyOf(asks.values());
    }
}
