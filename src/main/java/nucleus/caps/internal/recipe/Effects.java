package nucleus.caps.internal.recipe;

import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.ThreadStatus.Ids;
import nucleus.caps.internal.kernel.Change;

/** What a change that succeeds makes of a state: capabilities(7), "Effect of user ID changes on capabilities". */
final class Effects {

    private Effects() {
    }

    static State after(State now, Change change) {
        return switch (change) {
            case Change.CapSet set -> capset(now, set);
            case Change.DropBounding drop -> now.with(BOUNDING, now.get(BOUNDING).minus(drop.set()));
            case Change.RaiseAmbient raise -> now.with(AMBIENT, now.get(AMBIENT).union(raise.set()));
            case Change.LowerAmbient lower -> now.with(AMBIENT, now.get(AMBIENT).minus(lower.set()));
            case Change.KeepCaps keep -> now.withKeepCaps(keep.on());
            case Change.NoNewPrivs _ -> now.withNoNewPrivs();
            case Change.SetGroups set -> now.withGroups(set.groups());
            case Change.SetGid set -> now.withGids(Ids.all(set.gid()));
            case Change.SetUid set -> setuid(now, set.uid());
        };
    }

    /** The kernel masks ambient by permitted and inheritable whenever they are set. */
    private static State capset(State now, Change.CapSet set) {
        CapabilitySet ambient = now.get(AMBIENT).intersect(set.permitted()).intersect(set.inheritable());
        return now.with(new CapabilitySets(now.get(BOUNDING), set.permitted(), set.effective(), set.inheritable(),
                ambient));
    }

    private static State setuid(State now, long uid) {
        State switched = now.withUids(Ids.all(uid));
        if (now.leavesRoot(uid)) {
            switched = switched.with(AMBIENT, CapabilitySet.NONE).with(EFFECTIVE, CapabilitySet.NONE);
            return now.keepCaps() ? switched : switched.with(PERMITTED, CapabilitySet.NONE);
        }
        boolean becomesRoot = now.setuidFixup() && now.uids().effective() != 0 && uid == 0;
        return becomesRoot ? switched.with(EFFECTIVE, now.get(PERMITTED)) : switched;
    }
}
