package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * What is left goes, and no program started later can gain anything.
 *
 * @param keep what stays, in bounding, permitted and effective
 * @param identity whom the threads became before; verified once more
 * @param noNewPrivs whether no_new_privs is set, as the last thing
 * @param secureBits what they are afterwards; written here if something is kept and the identity was not switched
 */
public record Finish(CapabilitySet keep, Optional<Identity> identity, boolean noNewPrivs,
                     Optional<SecureBits> secureBits) implements Recipe {

    public Finish {
        requireNonNull(keep, "keep");
        requireNonNull(identity, "identity");
        requireNonNull(secureBits, "secureBits");
    }

    /** Leaves the securebits as they are. */
    public Finish(CapabilitySet keep, Optional<Identity> identity, boolean noNewPrivs) {
        this(keep, identity, noNewPrivs, Optional.empty());
    }

    @Override
    public String name() {
        return "finalizeDrop";
    }

    @Override
    public void plan(Plan plan) {
        secureBits.ifPresent(bits -> Securing.write(plan, bits));
        plan.add(new Change.CapSet(keep, keep, CapabilitySet.NONE));
        plan.add(new Change.KeepCaps(false));
        if (noNewPrivs) {
            plan.add(new Change.NoNewPrivs());
        }
    }

    @Override
    public State expected(State before) {
        CapabilitySets kept = new CapabilitySets(keep, keep, keep, CapabilitySet.NONE, CapabilitySet.NONE);
        State dropped = identity.map(before::with).orElse(before).with(kept).withKeepCaps(false);
        State secured = secureBits.map(dropped::with).orElse(dropped);
        return noNewPrivs ? secured.withNoNewPrivs() : secured;
    }
}
