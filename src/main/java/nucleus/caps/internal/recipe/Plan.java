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
    private final List<List<Change>> rounds = new ArrayList<>();
    private State state;

    Plan(Rules rules, State start) {
        this.rules = rules;
        this.state = start;
    }

    /** The state after all changes so far. */
    State state() {
        return state;
    }

    /**
     * The changes in rounds. Every thread completes a round before any begins the next, and each can be run twice: a
     * thread that is born during a round, of one that has completed it, will be asked to run it again.
     */
    List<List<Change>> rounds() {
        return rounds;
    }

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (List<Change> round : rounds) {
            changes.addAll(round);
        }
        return changes;
    }

    void add(Change change) {
        add(change, "");
    }

    /** As {@link #add(Change)}, with what could be done instead where the change is refused. */
    void add(Change change, String otherwise) {
        State after = Effects.after(state, change);
        if (after.equals(state) && !rules.mayDifferUnseen(change)) {
            return; // the kernel may refuse even a call that would change nothing
        }
        Optional<Refusal> refusal = rules.against(state, change);
        if (refusal.isPresent()) {
            throw new Refused(refusal.get().or(otherwise));
        }
        state = after;
        if (rounds.isEmpty() || !joins(rounds.getLast(), change)) {
            rounds.add(new ArrayList<>());
        }
        rounds.getLast().add(change);
    }

    /** Changes of the identity are made by the C library, on all threads at once, and stand apart. */
    private boolean joins(List<Change> round, Change change) {
        if (change.isIdentity() || round.getFirst().isIdentity()) {
            return change.isIdentity() && round.getFirst().isIdentity();
        }
        List<Change> joined = new ArrayList<>(round);
        joined.add(change);
        State again = state;
        for (Change each : joined) {
            if (rules.against(again, each).isPresent()) {
                return false;
            }
            again = Effects.after(again, each);
        }
        return again.equals(state);
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
