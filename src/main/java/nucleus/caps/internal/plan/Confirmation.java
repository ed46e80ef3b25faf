package nucleus.caps.internal.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.rules.Refusal;

/** Checks that every thread still is where an earlier step led it. Changes nothing. */
public final class Confirmation {

    private Confirmation() {
    }

    /**
     * Checks that every thread still holds the credentials that were read back last.
     *
     * @throws VerificationException if a thread does not
     */
    public static void unchanged(Kernel kernel, Scope scope, String step, List<ThreadStatus> last) {
        require(step, asked(kernel.observe(scope)), distinct(last), last.getFirst().credentials());
    }

    /**
     * Checks that every thread is still at the end of the target.
     *
     * @throws VerificationException if a thread is not
     */
    public static void atEnd(Kernel kernel, Scope scope, Target target) {
        for (ThreadStatus thread : asked(kernel.observe(scope))) {
            try {
                Credentials end = target.end(thread.credentials());
                require(target.name(), List.of(thread), Set.of(end), end);
            } catch (Refusal.Refused refused) {
                throw refused.refusal().exception(false, List.of(thread));
            }
        }
    }

    /** Removes the kernel's own threads, which report no securebits. They are listed only if the caller accepts them. */
    static List<ThreadStatus> asked(List<ThreadStatus> observed) {
        List<ThreadStatus> threads = new ArrayList<>(observed);
        threads.removeIf(thread -> thread.secureBits().isEmpty());
        return threads;
    }

    /** {@return the credentials of these threads, each once} */
    static Set<Credentials> distinct(List<ThreadStatus> threads) {
        Set<Credentials> all = new HashSet<>();
        for (ThreadStatus thread : threads) {
            all.add(thread.credentials());
        }
        return all;
    }

    private static void require(String step, List<ThreadStatus> threads, Set<Credentials> right, Credentials expected) {
        List<Difference> differences = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            differences.addAll(right.contains(thread.credentials()) ? List.of()
                    : Verifier.differences(expected, thread));
        }
        if (!differences.isEmpty()) {
            throw new VerificationException(step, differences, false, threads);
        }
    }
}
