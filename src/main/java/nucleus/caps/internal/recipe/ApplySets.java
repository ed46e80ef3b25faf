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
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * Five explicit sets and, where one is given, an identity: what a container runtime does last.
 *
 * @param sets what every thread holds afterwards
 * @param identity whom to become
 * @param noNewPrivs whether no_new_privs is set, as the last thing
 * @param secureBits what they are afterwards; CAP_SETPCAP is carried along until they are written
 */
public record ApplySets(CapabilitySets sets, Optional<Identity> identity, boolean noNewPrivs,
                        Optional<SecureBits> secureBits) implements Recipe {

    public ApplySets {
        requireNonNull(sets, "sets");
        requireNonNull(identity, "identity");
        requireNonNull(secureBits, "secureBits");
    }

    /** Leaves the securebits as they are. */
    public ApplySets(CapabilitySets sets, Optional<Identity> identity, boolean noNewPrivs) {
        this(sets, identity, noNewPrivs, Optional.empty());
    }

    @Override
    public String name() {
        return "apply";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        CapabilitySet raisable = raisable(now);
        Wish.within(sets.bounding(), now.get(BOUNDING), "prctl(PR_CAPBSET_DROP)", "nothing can be added to bounding");
        Wish.within(sets.permitted(), now.get(PERMITTED), "capset", "nothing can be added to permitted");
        Wish.within(sets.effective(), sets.permitted(), "capset", "effective must lie within permitted");
        Wish.within(sets.inheritable(), raisable, "capset", "inheritable must lie within what can be raised in it");
        Wish.within(sets.ambient(), sets.permitted(), "prctl(PR_CAP_AMBIENT)", "ambient must lie within permitted");
        Wish.within(sets.ambient(), sets.inheritable(), "prctl(PR_CAP_AMBIENT)", "ambient must lie within inheritable");

        secureBits.ifPresent(bits -> plan.add(new Change.SetSecureBits(first(now, bits))));
        // Inheritable first: it can gain only what is in the bounding set, and beyond permitted only by CAP_SETPCAP.
        plan.add(new Change.CapSet(now.get(EFFECTIVE), now.get(PERMITTED), sets.inheritable()));
        plan.add(new Change.DropBounding(now.get(BOUNDING).minus(sets.bounding())));
        identity.ifPresent(id -> planIdentity(plan, id));
        plan.add(new Change.CapSet(carried(plan, sets.effective()), carried(plan, sets.permitted()), sets.inheritable()));
        plan.add(new Change.KeepCaps(false));
        plan.add(new Change.LowerAmbient(plan.state().get(AMBIENT).minus(sets.ambient())));
        plan.add(new Change.RaiseAmbient(sets.ambient().minus(plan.state().get(AMBIENT))));
        secureBits.ifPresent(bits -> Securing.write(plan, bits));
        plan.add(new Change.CapSet(sets.effective(), sets.permitted(), sets.inheritable()));
        if (noNewPrivs) {
            plan.add(new Change.NoNewPrivs());
        }
    }

    private void planIdentity(Plan plan, Identity id) {
        Securing.carry(plan, !sets.permitted().isEmpty(), id.uid(), secureBits);
        plan.add(new Change.SetGroups(id.groups()));
        plan.add(new Change.SetGid(id.gid()));
        plan.add(new Change.SetUid(id.uid()));
    }

    private SecureBits first(State now, SecureBits wish) {
        return Securing.first(now.secureBits(), wish, !sets.permitted().isEmpty());
    }

    private CapabilitySet carried(Plan plan, CapabilitySet set) {
        return Securing.with(set, plan.state(), secureBits);
    }

    private static CapabilitySet raisable(State now) {
        CapabilitySet gain = now.effective(CAP_SETPCAP)
                ? now.get(BOUNDING) : now.get(BOUNDING).intersect(now.get(PERMITTED));
        return now.get(INHERITABLE).union(gain);
    }

    @Override
    public State expected(State before) {
        State applied = identity.map(before::with).orElse(before).with(sets).withKeepCaps(false);
        State secured = secureBits.map(applied::with).orElse(applied);
        return noNewPrivs ? secured.withNoNewPrivs() : secured;
    }
}
