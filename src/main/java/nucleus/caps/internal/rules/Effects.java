package nucleus.caps.internal.rules;

import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;

/** The effect of a successful change on credentials: capabilities(7), "Effect of user ID changes on capabilities". */
public final class Effects {

    private Effects() {
    }

    /** {@return the credentials after a change} */
    public static Credentials after(Credentials now, Change change) {
        return switch (change) {
            case Change.CapSet set -> capset(now, set);
            case Change.AdjustCaps adjust -> capset(now, adjust.on(now.sets()));
            case Change.DropBounding drop -> now.with(BOUNDING, now.get(BOUNDING).minus(drop.set()));
            case Change.RaiseAmbient raise -> now.with(AMBIENT, now.get(AMBIENT).union(raise.set()));
            case Change.LowerAmbient lower -> now.with(AMBIENT, now.get(AMBIENT).minus(lower.set()));
            case Change.KeepCaps keep -> UidFixup.withKeepCaps(now, keep.on());
            case Change.SetSecureBits set -> now.with(set.bits());
            case Change.NoNewPrivs _ -> now.withNoNewPrivs(true);
            case Change.SetGroups set -> now.withGroups(set.groups());
            case Change.SetGid set -> now.withGids(Ids.all(set.gid()));
            case Change.SetUid set -> switchUid(now, set.uid());
        };
    }

    /** The kernel masks ambient by permitted and inheritable whenever they are set. */
    private static Credentials capset(Credentials now, Change.CapSet set) {
        CapabilitySet ambient = now.get(AMBIENT).intersect(set.permitted()).intersect(set.inheritable());
        return now.with(new CapabilitySets(now.get(BOUNDING), set.permitted(), set.effective(), set.inheritable(),
                ambient));
    }

    private static Credentials switchUid(Credentials now, long uid) {
        Credentials switched = now.withUids(Ids.all(uid));
        if (UidFixup.isLeftBy(now, uid)) {
            switched = switched.with(AMBIENT, CapabilitySet.NONE).with(EFFECTIVE, CapabilitySet.NONE);
            return UidFixup.keepsCaps(now) ? switched : switched.with(PERMITTED, CapabilitySet.NONE);
        }
        boolean becomesRoot = UidFixup.fixesUp(now) && now.uids().effective() != 0 && uid == 0;
        return becomesRoot ? switched.with(EFFECTIVE, now.get(PERMITTED)) : switched;
    }
}
