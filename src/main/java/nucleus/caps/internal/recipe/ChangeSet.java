package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.SetKind;
import nucleus.caps.internal.kernel.Change;

/**
 * One set of a thread, and what follows from it: effective lies within permitted, ambient within permitted and
 * inheritable.
 *
 * @param kind which set
 * @param set what it holds afterwards
 */
public record ChangeSet(SetKind kind, CapabilitySet set) implements Recipe {

    public ChangeSet {
        requireNonNull(kind, "kind");
        requireNonNull(set, "set");
    }

    @Override
    public String name() {
        return "set(" + kind + ", " + set + ")";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        CapabilitySet effective = now.get(EFFECTIVE);
        CapabilitySet permitted = now.get(PERMITTED);
        CapabilitySet inheritable = now.get(INHERITABLE);
        switch (kind) {
            case BOUNDING -> {
                Wish.within(set, now.get(BOUNDING), "prctl(PR_CAPBSET_DROP)", "nothing can be added to the bounding set");
                plan.add(new Change.DropBounding(now.get(BOUNDING).minus(set)));
            }
            case PERMITTED -> plan.add(new Change.CapSet(effective.intersect(set), set, inheritable));
            case EFFECTIVE -> plan.add(new Change.CapSet(set, permitted, inheritable));
            case INHERITABLE -> plan.add(new Change.CapSet(effective, permitted, set));
            case AMBIENT -> {
                plan.add(new Change.LowerAmbient(now.get(AMBIENT).minus(set)));
                plan.add(new Change.RaiseAmbient(set.minus(now.get(AMBIENT))));
            }
        }
    }

    @Override
    public State expected(State before) {
        State after = before.with(kind, set);
        CapabilitySet effective = after.get(EFFECTIVE).intersect(after.get(PERMITTED));
        CapabilitySet ambient = after.get(AMBIENT).intersect(after.get(PERMITTED)).intersect(after.get(INHERITABLE));
        return after.with(EFFECTIVE, effective).with(AMBIENT, ambient);
    }
}
