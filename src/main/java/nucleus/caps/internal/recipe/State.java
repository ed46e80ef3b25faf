package nucleus.caps.internal.recipe;

import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NOROOT;
import static nucleus.caps.SecureBit.NO_CAP_AMBIENT_RAISE;
import static nucleus.caps.SecureBit.NO_SETUID_FIXUP;

import java.util.List;
import java.util.TreeSet;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.ThreadStatus.Ids;

/** All that a recipe cares for of a thread: what it holds, not which thread it is. */
record State(CapabilitySets sets, Ids uids, Ids gids, List<Long> groups, boolean noNewPrivs, SecureBits secureBits) {

    /** Of a thread of which everything is known. */
    static State of(ThreadStatus thread) {
        return new State(thread.sets(), thread.uids(), thread.gids(), thread.groups(), thread.noNewPrivs(),
                thread.secureBits().orElseThrow());
    }

    CapabilitySet get(SetKind kind) {
        return sets.get(kind);
    }

    boolean effective(Capability capability) {
        return sets.effective().contains(capability);
    }

    State with(CapabilitySets replaced) {
        return new State(replaced, uids, gids, groups, noNewPrivs, secureBits);
    }

    State with(SetKind kind, CapabilitySet set) {
        return with(sets.with(kind, set));
    }

    State withUids(Ids replaced) {
        return new State(sets, replaced, gids, groups, noNewPrivs, secureBits);
    }

    State withGids(Ids replaced) {
        return new State(sets, uids, replaced, groups, noNewPrivs, secureBits);
    }

    State withGroups(List<Long> replaced) {
        return new State(sets, uids, gids, List.copyOf(new TreeSet<>(replaced)), noNewPrivs, secureBits);
    }

    State with(Identity identity) {
        return withUids(Ids.all(identity.uid())).withGids(Ids.all(identity.gid())).withGroups(identity.groups());
    }

    State withNoNewPrivs() {
        return new State(sets, uids, gids, groups, true, secureBits);
    }

    State with(SecureBits replaced) {
        return new State(sets, uids, gids, groups, noNewPrivs, replaced);
    }

    State withKeepCaps(boolean on) {
        return with(on ? secureBits.with(KEEP_CAPS) : secureBits.without(KEEP_CAPS));
    }

    boolean keepCaps() {
        return secureBits.contains(KEEP_CAPS);
    }

    boolean keepCapsLocked() {
        return secureBits.locks(KEEP_CAPS);
    }

    boolean ambientRaiseForbidden() {
        return secureBits.contains(NO_CAP_AMBIENT_RAISE);
    }

    boolean noRoot() {
        return secureBits.contains(NOROOT);
    }

    boolean setuidFixup() {
        return !secureBits.contains(NO_SETUID_FIXUP);
    }

    /** Whether a switch to that uid makes the kernel clear permitted, unless KEEPCAPS is on. */
    boolean leavesRoot(long uid) {
        boolean root = uids.real() == 0 || uids.effective() == 0 || uids.saved() == 0;
        return setuidFixup() && root && uid != 0;
    }

    /** By hand: what the JVM makes for a record is linked when it is first used, and that takes longer than a drop. */
    @Override
    public boolean equals(Object other) {
        return other instanceof State state && same(sets, state.sets) && same(uids, state.uids) && same(gids, state.gids)
                && groups.equals(state.groups) && noNewPrivs == state.noNewPrivs
                && secureBits.bits() == state.secureBits.bits();
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sets.permitted().bits()) + Long.hashCode(uids.effective());
    }

    private static boolean same(CapabilitySets a, CapabilitySets b) {
        return a.bounding().bits() == b.bounding().bits() && a.permitted().bits() == b.permitted().bits()
                && a.effective().bits() == b.effective().bits() && a.inheritable().bits() == b.inheritable().bits()
                && a.ambient().bits() == b.ambient().bits();
    }

    private static boolean same(Ids a, Ids b) {
        return a.real() == b.real() && a.effective() == b.effective() && a.saved() == b.saved()
                && a.fileSystem() == b.fileSystem();
    }
}
