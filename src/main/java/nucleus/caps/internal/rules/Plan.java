package nucleus.caps.internal.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * The changes that a thread makes of itself, in this order. It stops at the first that is refused, unless that is tolerated.
 *
 * @param steps the changes
 * @param endsKeepCaps whether KEEPCAPS goes off at the end, whatever was refused before
 */
public record Plan(List<Step> steps, boolean endsKeepCaps) {

    /**
     * One of the changes.
     *
     * @param change what to change
     * @param tolerated whether the kernel may refuse it: to a thread that does not need it
     */
    public record Step(Change change, boolean tolerated) {
    }

    public Plan {
        steps = List.copyOf(steps);
    }

    public boolean isEmpty() {
        return steps.isEmpty() && !endsKeepCaps;
    }

    /** {@return the changes if none is refused: KEEPCAPS goes off at the end, unless the securebits have cleared it} */
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        boolean on = endsKeepCaps;
        for (Step step : steps) {
            changes.add(step.change());
            on &= !(step.change() instanceof Change.SetSecureBits);
            on |= step.change() instanceof Change.KeepCaps keep && keep.on();
        }
        if (on) {
            changes.add(new Change.KeepCaps(false));
        }
        return changes;
    }
}
