package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.kernel.Change;

/**
 * The bounding set goes while CAP_SETPCAP is still effective; nothing is left to be inherited.
 *
 * @param keep what stays in the bounding set
 */
public record DropBounding(CapabilitySet keep) implements Recipe {

    public DropBounding {
        requireNonNull(keep, "keep");
    }

    @Override
    public String name() {
        return keep.isEmpty() ? "dropBoundingSet" : "dropBoundingSetExcept(" + keep + ")";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        Wish.within(keep, now.get(PERMITTED), "capset", "what is kept must be in the permitted set");
        Wish.within(keep, now.get(BOUNDING), "capset", "what is kept must be in the bounding set");
        plan.add(new Change.DropBounding(now.get(BOUNDING).minus(keep)));
        plan.add(new Change.CapSet(now.get(EFFECTIVE), now.get(PERMITTED), CapabilitySet.NONE)); // masks ambient
    }

    @Override
    public State expected(State before) {
        return before.with(BOUNDING, keep).with(INHERITABLE, CapabilitySet.NONE).with(AMBIENT, CapabilitySet.NONE);
    }
}
