package nucleus.caps.internal.recipe;

import java.util.List;
import java.util.Optional;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.UserNamespace;

/**
 * What the kernel refuses, in one user namespace.
 *
 * @param namespace the ids that there are
 */
record Rules(UserNamespace namespace) {

    /** What every kernel knows that this library runs on. */
    private static final int OLD_BITS = 0xff;

    /** Says why the kernel would refuse a change in that state, or nothing if no rule here speaks against it. */
    Optional<Refusal> against(State now, Change change) {
        return change.in(new Against(this, now));
    }

    /** Whether a thread may hold something else than it seems to: an id that is not mapped is shown as another. */
    boolean mayDifferUnseen(Change change) {
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

    /** What is to be said of a refusal that {@link #against} does not foresee. */
    static String unforeseen(State now, Change change) {
        int added = change instanceof Change.SetSecureBits set
                ? set.bits().bits() & ~now.secureBits().bits() & ~OLD_BITS : 0;
        String unknown = added == 0 ? "" : "the kernel may not know " + new SecureBits(added) + ", or ";
        return "no rule of capabilities(7) forbids it: " + unknown + "a security module or a seccomp filter may";
    }
}
