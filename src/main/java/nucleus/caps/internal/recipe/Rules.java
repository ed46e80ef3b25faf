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
import nucleus.caps.ThreadStatus.Ids;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;
import nucleus.caps.internal.kernel.UserNamespace;

/**
 * What the kernel refuses, and why: the rules of capabilities(7), capset(2), prctl(2) and credentials(7).
 *
 * @param namespace the ids that there are
 */
record Rules(UserNamespace namespace) {

    /** Says why the kernel would refuse a change in that state, or nothing if no rule here speaks against it. */
    Optional<Refusal> against(State now, Change change) {
        return switch (change) {
            case Change.CapSet set -> capset(now, set);
            case Change.DropBounding _ -> needs(now, change, CAP_SETPCAP);
            case Change.RaiseAmbient raise -> raiseAmbient(now, raise);
            case Change.LowerAmbient _, Change.NoNewPrivs _ -> Optional.empty();
            case Change.KeepCaps _ -> now.keepCapsLocked()
                    ? eperm(change, "the securebit keep_caps_locked is set: nothing can change KEEPCAPS any more")
                    : Optional.empty();
            case Change.SetGroups set -> setGroups(now, set);
            case Change.SetGid set -> setId(now, set, set.gid(), now.gids(), namespace.mapsGid(set.gid()), CAP_SETGID);
            case Change.SetUid set -> setId(now, set, set.uid(), now.uids(), namespace.mapsUid(set.uid()), CAP_SETUID);
        };
    }

    /** Whether a thread may hold something else than it seems to: an id that is not mapped is shown as another. */
    boolean mayDifferUnseen(Change change) {
        return switch (change) {
            case Change.SetUid set -> namespace.hidesUid(set.uid());
            case Change.SetGid set -> namespace.hidesGid(set.gid());
            case Change.SetGroups set -> namespace.setgroupsAllowed() && set.groups().stream()
                    .anyMatch(group -> namespace.hidesGid(group) && namespace.mapsGid(group));
            default -> false;
        };
    }

    private Optional<Refusal> capset(State now, Change.CapSet set) {
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

    private Optional<Refusal> raiseAmbient(State now, Change.RaiseAmbient raise) {
        CapabilitySet both = now.get(PERMITTED).intersect(now.get(INHERITABLE));
        CapabilitySet raised = raise.set().minus(now.get(AMBIENT));
        if (now.ambientRaiseForbidden()) {
            return eperm(raise, "the securebit no_cap_ambient_raise is set");
        }
        return both.containsAll(raised) ? Optional.empty()
                : eperm(raise, "ambient must lie within permitted and inheritable, which lack " + raised.minus(both));
    }

    private Optional<Refusal> setGroups(State now, Change.SetGroups set) {
        Optional<Long> unmapped = set.groups().stream().filter(group -> !namespace.mapsGid(group)).findFirst();
        if (!namespace.setgroupsAllowed()) {
            return eperm(set, "/proc/self/setgroups of this user namespace says deny, and the groups differ: "
                    + now.groups());
        }
        if (unmapped.isPresent()) {
            return Optional.of(new Refusal(set.syscall(), Errno.EINVAL,
                    "the group " + unmapped.get() + " is not mapped in this user namespace"));
        }
        return needs(now, set, CAP_SETGID);
    }

    private Optional<Refusal> setId(State now, Change set, long id, Ids ids, boolean mapped, Capability capability) {
        if (!mapped) {
            return Optional.of(new Refusal(set.syscall(), Errno.EINVAL,
                    "the id " + id + " is not mapped in this user namespace"));
        }
        boolean own = (ids.real() == id || ids.effective() == id || ids.saved() == id) && !mayDifferUnseen(set);
        return own ? Optional.empty() : needs(now, set, capability);
    }

    private Optional<Refusal> needs(State now, Change change, Capability capability) {
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
}
