package nucleus.caps.internal.recipe;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.Optional;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus.Ids;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;

/**
 * Why the kernel would refuse a change: the rules of capabilities(7), capset(2), prctl(2) and credentials(7).
 *
 * @param rules of the user namespace
 * @param now the state before
 */
record Against(Rules rules, State now) implements Change.Cases<Optional<Refusal>> {

    /** Every second bit is the lock of the one before it. */
    private static final int LOCKS = 0xaaaa_aaaa;

    /** EXEC_RESTRICT_FILE, EXEC_DENY_INTERACTIVE and their locks. */
    private static final int UNPRIVILEGED = 0xf00;

    @Override
    public Optional<Refusal> of(Change.CapSet set) {
        CapabilitySet permitted = set.permitted().minus(now.get(PERMITTED));
        CapabilitySet effective = set.effective().minus(set.permitted());
        CapabilitySet inheritable = set.inheritable().minus(now.get(INHERITABLE));
        if (!permitted.isEmpty()) {
            return eperm(set, "nothing can be added to the permitted set, which lacks " + permitted);
        }
        if (!effective.isEmpty()) {
            return eperm(set, "effective must lie within permitted, which lacks " + effective);
        }
        if (!now.get(BOUNDING).containsAll(inheritable)) {
            return eperm(set, "inheritable can only gain what is in the bounding set, which lacks "
                    + inheritable.minus(now.get(BOUNDING)));
        }
        if (!now.effective(CAP_SETPCAP) && !now.get(PERMITTED).containsAll(inheritable)) {
            return eperm(set, "without CAP_SETPCAP inheritable can only gain what is permitted, which lacks "
                    + inheritable.minus(now.get(PERMITTED)));
        }
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> of(Change.DropBounding drop) {
        return needs(drop, CAP_SETPCAP);
    }

    @Override
    public Optional<Refusal> of(Change.RaiseAmbient raise) {
        CapabilitySet both = now.get(PERMITTED).intersect(now.get(INHERITABLE));
        CapabilitySet raised = raise.set().minus(now.get(AMBIENT));
        if (now.ambientRaiseForbidden()) {
            return eperm(raise, "the securebit no_cap_ambient_raise is set");
        }
        return both.containsAll(raised) ? Optional.empty()
                : eperm(raise, "ambient must lie within permitted and inheritable, which lack " + raised.minus(both));
    }

    @Override
    public Optional<Refusal> of(Change.LowerAmbient lower) {
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> of(Change.KeepCaps keep) {
        return now.keepCapsLocked()
                ? eperm(keep, "the securebit keep_caps_locked is set: nothing can change KEEPCAPS any more")
                : Optional.empty();
    }

    @Override
    public Optional<Refusal> of(Change.SetSecureBits set) {
        int changed = now.secureBits().bits() ^ set.bits().bits();
        int locks = now.secureBits().bits() & LOCKS;
        SecureBits unlocked = new SecureBits(locks & changed);
        SecureBits locked = new SecureBits(locks >>> 1 & changed);
        if (locked.bits() != 0) {
            return eperm(set, "locked for good, and to be changed: " + locked);
        }
        if (unlocked.bits() != 0) {
            return eperm(set, "a lock is never undone: " + unlocked);
        }
        boolean free = changed != 0 && (changed & ~UNPRIVILEGED) == 0;
        return free ? Optional.empty() : needs(set, CAP_SETPCAP);
    }

    @Override
    public Optional<Refusal> of(Change.NoNewPrivs set) {
        return Optional.empty();
    }

    @Override
    public Optional<Refusal> of(Change.SetGroups set) {
        if (!rules.namespace().setgroupsAllowed()) {
            return eperm(set, "/proc/self/setgroups of this user namespace says deny, and the groups differ: "
                    + now.groups());
        }
        for (long group : set.groups()) {
            if (!rules.namespace().mapsGid(group)) {
                return einval(set, "the group " + group + " is not mapped in this user namespace");
            }
        }
        return needs(set, CAP_SETGID);
    }

    @Override
    public Optional<Refusal> of(Change.SetGid set) {
        return setId(set, set.gid(), now.gids(), rules.namespace().mapsGid(set.gid()), CAP_SETGID);
    }

    @Override
    public Optional<Refusal> of(Change.SetUid set) {
        return setId(set, set.uid(), now.uids(), rules.namespace().mapsUid(set.uid()), CAP_SETUID);
    }

    private Optional<Refusal> setId(Change set, long id, Ids ids, boolean mapped, Capability capability) {
        if (!mapped) {
            return einval(set, "the id " + id + " is not mapped in this user namespace");
        }
        boolean own = (ids.real() == id || ids.effective() == id || ids.saved() == id) && !rules.mayDifferUnseen(set);
        return own ? Optional.empty() : needs(set, capability);
    }

    private Optional<Refusal> needs(Change change, Capability capability) {
        if (now.effective(capability)) {
            return Optional.empty();
        }
        String rule = "needs " + capability + " in the effective set, which holds " + now.get(EFFECTIVE);
        return eperm(change, now.get(PERMITTED).contains(capability)
                ? rule + "; it is permitted: raise it first" : rule);
    }

    private static Optional<Refusal> eperm(Change change, String rule) {
        return Optional.of(new Refusal(change.syscall(), Errno.EPERM, rule));
    }

    private static Optional<Refusal> einval(Change change, String rule) {
        return Optional.of(new Refusal(change.syscall(), Errno.EINVAL, rule));
    }
}
