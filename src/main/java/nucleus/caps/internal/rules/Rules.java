package nucleus.caps.internal.rules;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NO_CAP_AMBIENT_RAISE;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.List;
import java.util.Optional;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.sys.Errno;

/**
 * The changes that the kernel refuses in one user namespace: the rules of capabilities(7), capset(2), prctl(2) and
 * credentials(7).
 *
 * @param namespace the ids that are mapped
 */
public record Rules(UserNamespace namespace) {

    /** Every second bit is the lock of the bit before it. */
    private static final int LOCKS = 0xaaaa_aaaa;

    /** EXEC_RESTRICT_FILE, EXEC_DENY_INTERACTIVE and their locks. */
    private static final int UNPRIVILEGED = 0xf00;

    /** The securebits that every supported kernel knows. */
    private static final int OLD_BITS = 0xff;

    /** {@return why the kernel would refuse a change in this state, or empty if no rule here forbids it} */
    public Optional<Refusal> against(Credentials now, Change change) {
        return new Judge(this, now).against(change);
    }

    /** Whether a thread may hold another id than the kernel shows: an unmapped id is shown as the overflow id. */
    public boolean mayDifferUnseen(Change change) {
        if (change instanceof Change.SetUid set) {
            return namespace.hidesUid(set.uid());
        }
        if (change instanceof Change.SetGid set) {
            return namespace.hidesGid(set.gid());
        }
        return change instanceof Change.SetGroups set && mayDifferUnseen(set.groups());
    }

    private boolean mayDifferUnseen(List<Long> groups) {
        for (long group : groups) {
            if (namespace.setgroupsAllowed() && namespace.hidesGid(group) && namespace.mapsGid(group)) {
                return true;
            }
        }
        return false;
    }

    /** {@return the explanation of a refusal that {@link #against} does not foresee} */
    public static String unforeseen(Credentials now, Change change) {
        int added = change instanceof Change.SetSecureBits set
                ? set.bits().bits() & ~UidFixup.bits(now).bits() & ~OLD_BITS : 0;
        String unknown = added == 0 ? "" : "a kernel that does not know " + new SecureBits(added) + ", or ";
        return "no rule of capabilities(7) forbids this call; the cause can be " + unknown
                + "a security module or a seccomp filter";
    }

    /** Whether a write of securebits needs CAP_SETPCAP. */
    public static boolean needsPrivilege(SecureBits now, SecureBits then) {
        int changed = now.bits() ^ then.bits();
        return changed == 0 || (changed & ~UNPRIVILEGED) != 0;
    }

    /** Judges changes of a thread that has these credentials. */
    private record Judge(Rules rules, Credentials now) {

        Optional<Refusal> against(Change change) {
            return switch (change) {
                case Change.CapSet set -> capset(set);
                case Change.AdjustCaps adjust -> capset(adjust.on(now.sets()));
                case Change.DropBounding drop -> needs(drop, CAP_SETPCAP);
                case Change.RaiseAmbient raise -> raiseAmbient(raise);
                case Change.LowerAmbient _,Change.NoNewPrivs _ -> Optional.empty();
                case Change.KeepCaps keep -> keepCaps(keep);
                case Change.SetSecureBits set -> secureBits(set);
                case Change.SetGroups set -> setGroups(set);
                case Change.SetGid set -> setId(set, set.gid(), now.gids(), rules.namespace().mapsGid(set.gid()), CAP_SETGID);
                case Change.SetUid set -> setId(set, set.uid(), now.uids(), rules.namespace().mapsUid(set.uid()), CAP_SETUID);
            };
        }

        private Optional<Refusal> capset(Change.CapSet set) {
            CapabilitySet permitted = set.permitted().minus(now.get(PERMITTED));
            CapabilitySet effective = set.effective().minus(set.permitted());
            CapabilitySet inheritable = set.inheritable().minus(now.get(INHERITABLE));
            if (!permitted.isEmpty()) {
                return eperm(set, "nothing can be added to the permitted set, which lacks " + permitted);
            }
            if (!effective.isEmpty()) {
                return eperm(set, "effective must be a subset of permitted, which lacks " + effective);
            }
            if (!now.get(BOUNDING).containsAll(inheritable)) {
                return eperm(set, "a capability added to inheritable must be in the bounding set, which lacks "
                        + inheritable.minus(now.get(BOUNDING)));
            }
            if (!UidFixup.effective(now, CAP_SETPCAP) && !now.get(PERMITTED).containsAll(inheritable)) {
                return eperm(set, "without CAP_SETPCAP, a capability added to inheritable must be in the permitted set, which"
                        + " lacks "
                        + inheritable.minus(now.get(PERMITTED)));
            }
            return Optional.empty();
        }

        private Optional<Refusal> raiseAmbient(Change.RaiseAmbient raise) {
            CapabilitySet both = now.get(PERMITTED).intersect(now.get(INHERITABLE));
            CapabilitySet raised = raise.set().minus(now.get(AMBIENT));
            if (UidFixup.bits(now).contains(NO_CAP_AMBIENT_RAISE)) {
                return eperm(raise, "the securebit no_cap_ambient_raise is set");
            }
            return both.containsAll(raised) ? Optional.empty()
                    : eperm(raise, "ambient must be a subset of permitted and inheritable, which lack " + raised.minus(both));
        }

        private Optional<Refusal> keepCaps(Change.KeepCaps keep) {
            return UidFixup.bits(now).locks(KEEP_CAPS)
                    ? eperm(keep, "the securebit keep_caps_locked is set, so KEEPCAPS cannot be changed")
                    : Optional.empty();
        }

        private Optional<Refusal> secureBits(Change.SetSecureBits set) {
            int had = UidFixup.bits(now).bits();
            int changed = had ^ set.bits().bits();
            SecureBits unlocked = new SecureBits(had & LOCKS & changed);
            SecureBits locked = new SecureBits((had & LOCKS) >>> 1 & changed);
            if (locked.bits() != 0) {
                return eperm(set, "these securebits are locked and cannot be changed: " + locked);
            }
            if (unlocked.bits() != 0) {
                return eperm(set, "these locks of securebits cannot be removed: " + unlocked);
            }
            return needsPrivilege(UidFixup.bits(now), set.bits()) ? needs(set, CAP_SETPCAP) : Optional.empty();
        }

        private Optional<Refusal> setGroups(Change.SetGroups set) {
            if (!rules.namespace().setgroupsAllowed()) {
                return eperm(set, "/proc/self/setgroups of this user namespace contains deny, so these groups cannot be changed: "
                        + now.groups());
            }
            for (long group : set.groups()) {
                if (!rules.namespace().mapsGid(group)) {
                    return einval(set, "the group " + group + " is not mapped in this user namespace");
                }
            }
            return needs(set, CAP_SETGID);
        }

        private Optional<Refusal> setId(Change set, long id, Ids ids, boolean mapped, Capability capability) {
            if (!mapped) {
                return einval(set, "the id " + id + " is not mapped in this user namespace");
            }
            boolean own = (ids.real() == id || ids.effective() == id || ids.saved() == id)
                    && !rules.mayDifferUnseen(set);
            return own ? Optional.empty() : needs(set, capability);
        }

        private Optional<Refusal> needs(Change change, Capability capability) {
            return UidFixup.effective(now, capability) ? Optional.empty() : eperm(change,
                    "needs " + capability + " in the effective set, which holds " + now.get(EFFECTIVE));
        }

        private static Optional<Refusal> eperm(Change change, String rule) {
            return Optional.of(new Refusal(change.syscall(), Errno.EPERM, rule));
        }

        private static Optional<Refusal> einval(Change change, String rule) {
            return Optional.of(new Refusal(change.syscall(), Errno.EINVAL, rule));
        }
    }
}
