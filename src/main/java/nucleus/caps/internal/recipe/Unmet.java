package nucleus.caps.internal.recipe;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Ran;

/** A round without those of its failures after which the thread has the securebits that were asked for. */
record Unmet(List<Failure> failures, List<ThreadStatus> observe) implements Ran {

    Unmet(Ran round, List<ThreadStatus> now) {
        this(unmet(round.failures(), now), now);
    }

    private static List<Failure> unmet(List<Failure> failures, List<ThreadStatus> now) {
        List<Failure> unmet = new ArrayList<>();
        for (Failure failure : failures) {
            if (!isMet(failure, now)) {
                unmet.add(failure);
            }
        }
        return unmet;
    }

    /** A thread that has ended since holds nothing. */
    private static boolean isMet(Failure failure, List<ThreadStatus> now) {
        boolean met = failure.change() instanceof Change.SetSecureBits && failure.errno().equals(Errno.EPERM);
        for (ThreadStatus thread : now) {
            met &= thread.tid() != failure.tid() || new Change.SetSecureBits(thread.secureBits().orElseThrow())
                    .equals(failure.change());
        }
        return met;
    }
}
