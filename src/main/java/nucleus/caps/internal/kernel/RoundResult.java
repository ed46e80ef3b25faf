package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;

/**
 * What came of a plan. A thread that is in no list here was not asked, and has changed nothing.
 *
 * @param after the threads that have told their state, which is that after their last change
 * @param scout the scout, if the others were not asked because of its state
 * @param failures refused calls, one for each thread that is not as asked; the scout's, if the others were not asked
 * @param silent threads that were asked, and of which nothing is known
 * @param reason why it is not known that every thread has told its state
 */
public record RoundResult(List<ThreadStatus> after, Optional<ThreadStatus> scout, List<Failure> failures,
                          List<Integer> silent, Optional<CapsException> reason) {

    public RoundResult {
        after = List.copyOf(after);
        failures = List.copyOf(failures);
        silent = List.copyOf(silent);
    }
}
