package nucleus.caps.internal.recipe;

import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.SecureBit.NO_CAP_AMBIENT_RAISE;
import static nucleus.caps.SecureBit.NO_SETUID_FIXUP;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * When securebits are written: as soon as nothing later needs what they forbid, and while CAP_SETPCAP is still there.
 */
final class Securing {

    /** Those that hinder no drop. A kernel that does not know one says so before anything has changed. */
    private static final int UNHINDERING = ~0xff;

    private Securing() {
    }

    /** What can be written first: all of it where nothing is kept. */
    static SecureBits first(SecureBits now, SecureBits wish, boolean keeps) {
        int early = wish.contains(NO_CAP_AMBIENT_RAISE) ? UNHINDERING
                : UNHINDERING | SecureBits.of(NO_CAP_AMBIENT_RAISE).bits();
        return keeps ? new SecureBits(now.bits() & ~early | wish.bits() & early) : wish;
    }

    /** Lets something outlive a change of the uid: by KEEPCAPS, or where that is locked by a bit that is wished for. */
    static void carry(Plan plan, boolean something, long uid, Optional<SecureBits> wish) {
        boolean locked = something && plan.state().leavesRoot(uid) && plan.state().keepCapsLocked();
        if (locked && wish.isPresent() && wish.get().contains(NO_SETUID_FIXUP)) {
            plan.add(new Change.SetSecureBits(plan.state().secureBits().with(NO_SETUID_FIXUP)));
        }
        plan.add(new Change.KeepCaps(something && plan.state().leavesRoot(uid)));
    }

    /** What permitted and effective have to hold until the wish is written: CAP_SETPCAP too, where it is there. */
    static CapabilitySet with(CapabilitySet set, State now, Optional<SecureBits> wish) {
        return wish.filter(bits -> differs(now, bits)).isPresent()
                ? set.union(now.get(PERMITTED).intersect(CapabilitySet.of(CAP_SETPCAP))) : set;
    }

    /** KEEPCAPS alone is left to a call that needs no privilege. */
    static void write(Plan plan, SecureBits wish) {
        if (differs(plan.state(), wish)) {
            plan.add(new Change.SetSecureBits(wish));
        }
    }

    private static boolean differs(State now, SecureBits wish) {
        return !now.withKeepCaps(false).secureBits().equals(wish);
    }
}
