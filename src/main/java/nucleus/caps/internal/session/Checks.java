package nucleus.caps.internal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.sys.Errno;

/** Start-up checks of a program on every thread. They change nothing. */
public final class Checks {

    private static final CapabilitySet NAMESPACE =
            CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_NET_ADMIN, Capability.CAP_SYS_PTRACE);

    private Checks() {
    }

    /**
     * Requires that no thread holds more than was kept, and that none is root.
     *
     * @param keep what bounding, permitted and effective may hold
     */
    public static void requireDropped(CapabilitySet keep, List<ThreadStatus> threads) {
        requireAny(threads);
        List<Difference> found = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            for (SetKind kind : SetKind.values()) {
                boolean inherited = kind == SetKind.INHERITABLE || kind == SetKind.AMBIENT;
                within(inherited ? CapabilitySet.NONE : keep, found, thread, kind.toString(), thread.sets().get(kind));
            }
            if (!thread.noNewPrivs()) {
                found.add(difference(thread, "no_new_privs", "true", "false"));
            }
            if (thread.isRoot()) {
                found.add(difference(thread, "ids", "none of them 0", "uids " + thread.uids() + ", gids "
                        + thread.gids() + ", groups " + thread.groups()));
            }
        }
        refuse("requireDropped", found, threads);
    }

    public static void requireNoNamespaceCaps(List<ThreadStatus> threads) {
        requireAny(threads);
        List<Difference> found = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            within(CapabilitySet.NONE, found, thread, "effective", thread.sets().effective().intersect(NAMESPACE));
            within(CapabilitySet.NONE, found, thread, "permitted", thread.sets().permitted().intersect(NAMESPACE));
        }
        refuse("requireNoNamespaceCaps", found, threads);
    }

    public static void requireNoNamespaces(List<Difference> granted) {
        refuse("requireNoNamespaces", granted, List.of());
    }

    /**
     * {@return the state that every thread reports, or the state in /proc if the threads cannot be asked} The list contains
     * every thread that is alive when this returns.
     *
     * @param asked asks each thread
     * @param read reads /proc
     */
    public static List<ThreadStatus> threads(Supplier<List<ThreadStatus>> asked, Supplier<List<ThreadStatus>> read) {
        try {
            return asked.get();
        } catch (VerificationException e) {
            throw e; // the two witnesses contradict each other: neither is reliable
        } catch (CapsException | UnsupportedOperationException | IllegalCallerException e) {
            Log.debug("the threads cannot report their state, so /proc is read: " + e.getMessage());
            return read.get();
        }
    }

    private static void requireAny(List<ThreadStatus> threads) {
        if (threads.isEmpty()) {
            throw Errno.NONE.exception("read(/proc/self/task)", "no thread was found, so nothing is proved");
        }
    }

    private static void within(CapabilitySet most, List<Difference> found, ThreadStatus thread, String what,
                               CapabilitySet held) {
        if (!most.containsAll(held)) {
            found.add(difference(thread, what, most.isEmpty() ? "none" : "at most " + most, held.toString()));
        }
    }

    private static Difference difference(ThreadStatus thread, String what, String expected, String observed) {
        return new Difference(thread.tid(), thread.name(), what, expected, observed);
    }

    private static void refuse(String check, List<Difference> found, List<ThreadStatus> threads) {
        if (!found.isEmpty()) {
            throw new VerificationException(check, found, false, threads);
        }
    }
}
