package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;

/**
 * The result of a plan. A thread that is in no list here was not asked and has not changed.
 *
 * @param after the threads that reported their state, after their last change
 * @param scout the scout, if the other threads were not asked because of its state
 * @param failures one refused call for each thread that is not at an intended end; the scout's, if no other was asked
 * @param silent the threads that were asked and whose state is unknown
 * @param reason why it is unknown whether every thread reported its state; empty if it is known
 */
public record RoundResult(List<ThreadStatus> after, Optional<ThreadStatus> scout, List<Failure> failures,
                          List<Integer> silent, Optional<CapsException> reason) {

    public RoundResult {
        after = List.copyOf(after);
        failures = List.copyOf(failures);
        silent = List.copyOf(silent);
    }
}
