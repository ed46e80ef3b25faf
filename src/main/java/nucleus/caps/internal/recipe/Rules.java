package nucleus.caps.internal.recipe;

import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.UserNamespace;

/**
 * What the kernel refuses, in one user namespace.
 *
 * @param namespace the ids that there are
 */
record Rules(UserNamespace namespace) {

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
}
