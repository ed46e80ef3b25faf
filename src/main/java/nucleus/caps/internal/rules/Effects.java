package nucleus.caps.internal.rules;

import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;

/**
 * The effect of a successful change on credentials: capabilities(7), "Effect of user ID changes on capabilities".
 *
 * @param now the credentials before
 */
public record Effects(Credentials now) implements Change.Cases<Credentials> {

    public static Credentials after(Credentials now, Change change) {
        return change.in(new Effects(now));
    }

    /** The kernel masks ambient by permitted and inheritable whenever they are set. */
    @Override
    public Credentials of(Change.CapSet set) {
        CapabilitySet ambient = now.get(AMBIENT).intersect(set.permitted()).intersect(set.inheritable());
        return now.with(new CapabilitySets(now.get(BOUNDING), set.permitted(), set.effective(), set.inheritable(),
                ambient));
    }

    @Override
    public Credentials of(Change.AdjustCaps adjust) {
        return of(adjust.on(now.sets()));
    }

    @Override
    public Credentials of(Change.DropBounding drop) {
        return now.with(BOUNDING, now.get(BOUNDING).minus(drop.set()));
    }

    @Override
    public Credentials of(Change.RaiseAmbient raise) {
        return now.with(AMBIENT, now.get(AMBIENT).union(raise.set()));
    }

    @Override
    public Credentials of(Change.LowerAmbient lower) {
        return now.with(AMBIENT, now.get(AMBIENT).minus(lower.set()));
    }

    @Override
    public Credentials of(Change.KeepCaps keep) {
        return UidFixup.withKeepCaps(now, keep.on());
    }

    @Override
    public Credentials of(Change.SetSecureBits set) {
        return now.with(set.bits());
    }

    @Override
    public Credentials of(Change.NoNewPrivs set) {
        return now.withNoNewPrivs(true);
    }

    @Override
    public Credentials of(Change.SetGroups set) {
        return now.withGroups(set.groups());
    }

    @Override
    public Credentials of(Change.SetGid set) {
        return now.withGids(Ids.all(set.gid()));
    }

    @Override
    public Credentials of(Change.SetUid set) {
        Credentials switched = now.withUids(Ids.all(set.uid()));
        if (UidFixup.isLeftBy(now, set.uid())) {
            switched = switched.with(AMBIENT, CapabilitySet.NONE).with(EFFECTIVE, CapabilitySet.NONE);
            return UidFixup.keepsCaps(now) ? switched : switched.with(PERMITTED, CapabilitySet.NONE);
        }
        boolean becomesRoot = UidFixup.fixesUp(now) && now.uids().effective() != 0 && set.uid() == 0;
        return becomesRoot ? switched.with(EFFECTIVE, now.get(PERMITTED)) : switched;
    }
}
