package nucleus.caps.internal.session;

import java.util.List;
import nucleus.caps.ThreadStatus;

/** The line that the log has on a drop: from whom to whom, what is held, and the time of all steps. */
final class Summary {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private Summary() {
    }

    /** Warns if a thread is still root. */
    static void log(String how, String held, ThreadStatus before, List<ThreadStatus> after, long nanos) {
        ThreadStatus one = after.getFirst();
        String line = how + " " + after.size() + (after.size() == 1 ? " thread" : " threads") + " from "
                + Session.identity(before) + " to " + Session.identity(one) + "; " + held + "; no_new_privs "
                + (one.noNewPrivs() ? "set" : "not set") + "; " + nanos / NANOS_PER_MILLI + " ms";
        boolean root = false;
        for (ThreadStatus thread : after) {
            root |= thread.isRoot();
        }
        if (root) {
            Log.warn(line + "; a uid, gid or group is still 0: it owns /proc/sys and /etc, and can regain every capability"
                    + " through them");
        } else {
            Log.info(line);
        }
    }
}
