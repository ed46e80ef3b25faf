package nucleus.caps.internal.rules;

import java.util.ArrayList;
import java.util.List;

/**
 * The changes that a thread makes to itself, in this order. The thread stops at the first refused change that is not
 * tolerated.
 *
 * @param steps the changes
 * @param endsKeepCaps whether KEEPCAPS goes off at the end, even after a refusal
 */
public record Plan(List<Step> steps, boolean endsKeepCaps) {

    /**
     * One of the changes.
     *
     * @param change what to change
     * @param tolerated whether a refusal does not stop the plan: only threads that do not need the change are refused
     */
    public record Step(Change change, boolean tolerated) {
    }

    public Plan {
        steps = List.copyOf(steps);
    }

    public boolean isEmpty() {
        return steps.isEmpty() && !endsKeepCaps;
    }

    /** {@return whether a change sets the uid or the gid} */
    public boolean switchesIds() {
        for (Step step : steps) {
            if (step.change() instanceof Change.SetUid || step.change() instanceof Change.SetGid) {
                return true;
            }
        }
        return false;
    }

    /** {@return the changes if none is refused} KEEPCAPS goes off at the end, unless the securebits have cleared it. */
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
