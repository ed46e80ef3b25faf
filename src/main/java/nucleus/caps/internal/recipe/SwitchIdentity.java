package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;

import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;
import nucleus.caps.internal.kernel.Change;

/**
 * Groups, then gid, then uid, while CAP_SETGID and CAP_SETUID are still effective; then permitted is narrowed to what
 * is kept. Without the narrowing, a thread that kept CAP_SETUID through KEEPCAPS could become root again.
 *
 * @param identity whom to become
 * @param keep what outlives the change of the uid, in permitted and effective
 */
public record SwitchIdentity(Identity identity, CapabilitySet keep) implements Recipe {

    public SwitchIdentity {
        requireNonNull(identity, "identity");
        requireNonNull(keep, "keep");
    }

    @Override
    public String name() {
        return "switchIdentity(" + identity + ")";
    }

    @Override
    public void plan(Plan plan) {
        plan.add(new Change.KeepCaps(!keep.isEmpty() && plan.state().leavesRoot(identity.uid())));
        plan.add(new Change.SetGroups(identity.groups()));
        plan.add(new Change.SetGid(identity.gid()));
        plan.add(new Change.SetUid(identity.uid()));
        plan.add(new Change.CapSet(keep, keep, CapabilitySet.NONE));
        plan.add(new Change.KeepCaps(false));
    }

    @Override
    public State expected(State before) {
        CapabilitySets kept = new CapabilitySets(keep, keep, keep, CapabilitySet.NONE, CapabilitySet.NONE);
        return before.with(kept).with(identity).withKeepCaps(false);
    }
}
