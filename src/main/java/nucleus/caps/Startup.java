package nucleus.caps;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nucleus.caps.VerificationException.Difference;

/** Checks that a program makes when it starts, over every thread. They read, and change nothing. */
final class Startup {

    private static final CapabilitySet NAMESPACE =
            CapabilitySet.of(Capability.CAP_SYS_ADMIN, Capability.CAP_NET_ADMIN, Capability.CAP_SYS_PTRACE);

    private Startup() {
    }

    static void requireDropped(List<ThreadStatus> threads) {
        requireAny(threads);
        List<Difference> found = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            for (SetKind kind : SetKind.values()) {
                empty(found, thread, kind.toString(), thread.sets().get(kind));
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

    static void verifyNoNamespaceCaps(List<ThreadStatus> threads, boolean production) {
        requireAny(threads);
        List<Difference> found = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            empty(found, thread, "effective", thread.sets().effective().intersect(NAMESPACE));
            empty(found, thread, "permitted", thread.sets().permitted().intersect(NAMESPACE));
        }
        if (production) {
            refuse("verifyNoNamespaceCaps", found, threads);
        } else if (!found.isEmpty()) {
            Log.warn("capabilities for namespaces are still there: {}", found);
        }
    }

    /** Of each thread what it told itself, where it could be asked; else what is told of it. */
    static List<ThreadStatus> joined(List<ThreadStatus> told, Supplier<List<ThreadStatus>> asked) {
        Map<Integer, ThreadStatus> byTid = new LinkedHashMap<>();
        told.forEach(thread -> byTid.put(thread.tid(), thread));
        try {
            asked.get().forEach(thread -> byTid.put(thread.tid(), thread));
        } catch (CapsException | UnsupportedOperationException e) {
            Log.debug("securebits are not known: {}", e.getMessage());
        }
        return List.copyOf(byTid.values());
    }

    private static void requireAny(List<ThreadStatus> threads) {
        if (threads.isEmpty()) {
            throw new CapsException("read(/proc/self/task)", 0, "", "no thread was found, and nothing is proved by that",
                    false, threads);
        }
    }

    private static void empty(List<Difference> found, ThreadStatus thread, String what, CapabilitySet held) {
        if (!held.isEmpty()) {
            found.add(difference(thread, what, "none", held.toString()));
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
