package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * Groups, then gid, then uid, while CAP_SETGID and CAP_SETUID are still effective; then permitted is narrowed to what
 * is kept. Without the narrowing, a thread that kept CAP_SETUID through KEEPCAPS could become root again.
 *
 * @param identity whom to become
 * @param keep what outlives the change of the uid, in permitted and effective
 * @param secureBits what they are afterwards; CAP_SETPCAP is carried along until they are written
 */
public record SwitchIdentity(Identity identity, CapabilitySet keep, Optional<SecureBits> secureBits)
        implements Recipe {

    public SwitchIdentity {
        requireNonNull(identity, "identity");
        requireNonNull(keep, "keep");
        requireNonNull(secureBits, "secureBits");
    }

    /** Leaves the securebits as they are. */
    public SwitchIdentity(Identity identity, CapabilitySet keep) {
        this(identity, keep, Optional.empty());
    }

    @Override
    public String name() {
        return "switchIdentity(" + identity + ")";
    }

    @Override
    public void plan(Plan plan) {
        Securing.carry(plan, !keep.isEmpty(), identity.uid(), secureBits);
        plan.add(new Change.SetGroups(identity.groups()));
        plan.add(new Change.SetGid(identity.gid()));
        plan.add(new Change.SetUid(identity.uid()));
        CapabilitySet carried = Securing.with(keep, plan.state(), secureBits);
        plan.add(new Change.CapSet(carried, carried, CapabilitySet.NONE));
        secureBits.ifPresent(bits -> Securing.write(plan, bits));
        plan.add(new Change.KeepCaps(false));
        if (!carried.equals(keep)) {
            plan.add(new Change.CapSet(keep, keep, CapabilitySet.NONE));
        }
    }

    @Override
    public State expected(State before) {
        CapabilitySets kept = new CapabilitySets(keep, keep, keep, CapabilitySet.NONE, CapabilitySet.NONE);
        State switched = before.with(kept).with(identity).withKeepCaps(false);
        return secureBits.map(switched::with).orElse(switched);
    }
}
