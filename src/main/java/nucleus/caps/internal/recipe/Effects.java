package nucleus.caps.internal.recipe;

import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.ThreadStatus.Ids;
import nucleus.caps.internal.kernel.Change;

/**
 * What a change that succeeds makes of a state: capabilities(7), "Effect of user ID changes on capabilities".
 *
 * @param now the state before
 */
record Effects(State now) implements Change.Cases<State> {

    static State after(State now, Change change) {
        return change.in(new Effects(now));
    }

    /** The kernel masks ambient by permitted and inheritable whenever they are set. */
    @Override
    public State of(Change.CapSet set) {
        CapabilitySet ambient = now.get(AMBIENT).intersect(set.permitted()).intersect(set.inheritable());
        return now.with(new CapabilitySets(now.get(BOUNDING), set.permitted(), set.effective(), set.inheritable(),
                ambient));
    }

    @Override
    public State of(Change.DropBounding drop) {
        return now.with(BOUNDING, now.get(BOUNDING).minus(drop.set()));
    }

    @Override
    public State of(Change.RaiseAmbient raise) {
        return now.with(AMBIENT, now.get(AMBIENT).union(raise.set()));
    }

    @Override
    public State of(Change.LowerAmbient lower) {
        return now.with(AMBIENT, now.get(AMBIENT).minus(lower.set()));
    }

    @Override
    public State of(Change.KeepCaps keep) {
        return now.withKeepCaps(keep.on());
    }

    @Override
    public State of(Change.SetSecureBits set) {
        return now.with(set.bits());
    }

    @Override
    public State of(Change.NoNewPrivs set) {
        return now.withNoNewPrivs();
    }

    @Override
    public State of(Change.SetGroups set) {
        return now.withGroups(set.groups());
    }

    @Override
    public State of(Change.SetGid set) {
        return now.withGids(Ids.all(set.gid()));
    }

    @Override
    public State of(Change.SetUid set) {
        State switched = now.withUids(Ids.all(set.uid()));
        if (now.leavesRoot(set.uid())) {
            switched = switched.with(AMBIENT, CapabilitySet.NONE).with(EFFECTIVE, CapabilitySet.NONE);
            return now.keepCaps() ? switched : switched.with(PERMITTED, CapabilitySet.NONE);
        }
        boolean becomesRoot = now.setuidFixup() && now.uids().effective() != 0 && set.uid() == 0;
        return becomesRoot ? switched.with(EFFECTIVE, now.get(PERMITTED)) : switched;
    }
}
