package nucleus.caps.internal.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.kernel.Change;

/**
 * The changes that lead from a state to another, computed without making one. What is already so is left out, and
 * what a rule forbids is refused here: before anything has changed.
 */
final class Plan {

    private final Rules rules;
    private final List<Change> changes = new ArrayList<>();
    private State state;

    Plan(Rules rules, State start) {
        this.rules = rules;
        this.state = start;
    }

    /** The state after all changes so far. */
    State state() {
        return state;
    }

    List<Change> changes() {
        return List.copyOf(changes);
    }

    void add(Change change) {
        State after = Effects.after(state, change);
        if (after.equals(state) && !rules.mayDifferUnseen(change)) {
            return; // the kernel may refuse even a call that would change nothing
        }
        Optional<Refusal> refusal = rules.against(state, change);
        if (refusal.isPresent()) {
            throw new Refused(refusal.get());
        }
        changes.add(change);
        state = after;
    }

    /** Thrown while planning: nothing has been changed. Whoever performs the plan adds the threads. */
    static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        Refused(Refusal refusal) {
            super(refusal.rule(), null, false, false);
            this.refusal = refusal;
        }

        Refusal refusal() {
            return refusal;
        }
    }
}
