package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * The bounding set goes while CAP_SETPCAP is still effective; nothing is left to be inherited.
 *
 * @param keep what stays in the bounding set
 * @param secureBits what they are at the end of the drop; written here if nothing is kept
 */
public record DropBounding(CapabilitySet keep, Optional<SecureBits> secureBits) implements Recipe {

    private static final String WITHOUT = "without it, lockUnprivileged() clears all but the bounding set";

    public DropBounding {
        requireNonNull(keep, "keep");
        requireNonNull(secureBits, "secureBits");
    }

    /** Leaves the securebits as they are. */
    public DropBounding(CapabilitySet keep) {
        this(keep, Optional.empty());
    }

    @Override
    public String name() {
        return keep.isEmpty() ? "dropBoundingSet" : "dropBoundingSetExcept(" + keep + ")";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        Wish.within(keep, now.get(PERMITTED), "capset", "what is kept must be in the permitted set");
        Wish.within(keep, now.get(BOUNDING), "capset", "what is kept must be in the bounding set");
        secureBits.ifPresent(bits -> plan.add(new Change.SetSecureBits(first(now, bits))));
        plan.add(new Change.DropBounding(now.get(BOUNDING).minus(keep)), otherwise(now));
        plan.add(new Change.CapSet(now.get(EFFECTIVE), now.get(PERMITTED), CapabilitySet.NONE)); // masks ambient
    }

    private static String otherwise(State now) {
        return now.uids().contains(0) || now.get(PERMITTED).contains(CAP_SETPCAP) ? "" : WITHOUT;
    }

    private SecureBits first(State now, SecureBits wish) {
        return Securing.first(now.secureBits(), wish, !keep.isEmpty());
    }

    @Override
    public State expected(State before) {
        State bounded = before.with(BOUNDING, keep).with(INHERITABLE, CapabilitySet.NONE).with(AMBIENT, CapabilitySet.NONE);
        return secureBits.map(bits -> bounded.with(first(before, bits))).orElse(bounded);
    }
}
