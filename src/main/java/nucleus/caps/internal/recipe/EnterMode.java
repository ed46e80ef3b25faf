package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import nucleus.caps.CapabilitySet;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * One of libcap's modes, with what libcap clears on the way: effective always, more for the stricter ones.
 *
 * @param mode which
 * @param noNewPrivs whether no_new_privs is set, as the last thing; NOPRIV sets it in any case
 */
public record EnterMode(Mode mode, boolean noNewPrivs) implements Recipe {

    public EnterMode {
        if (requireNonNull(mode, "mode") == Mode.UNCERTAIN) {
            throw new IllegalArgumentException("UNCERTAIN is not a mode to be entered: it is none of them");
        }
    }

    @Override
    public String name() {
        return "enter(" + mode + ")";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        CapabilitySet setpcap = now.get(PERMITTED).intersect(CapabilitySet.of(CAP_SETPCAP));
        CapabilitySet raised = needsSetpcap(now) ? now.get(EFFECTIVE).union(setpcap) : now.get(EFFECTIVE);
        State then = after(now);
        plan.add(new Change.CapSet(raised, now.get(PERMITTED), now.get(INHERITABLE)));
        plan.add(new Change.SetSecureBits(bits()));
        plan.add(new Change.LowerAmbient(now.get(AMBIENT).minus(then.get(AMBIENT))));
        plan.add(new Change.DropBounding(now.get(BOUNDING).minus(then.get(BOUNDING))));
        plan.add(new Change.CapSet(CapabilitySet.NONE, then.get(PERMITTED), then.get(INHERITABLE)));
        if (noNewPrivs || mode == Mode.NOPRIV) {
            plan.add(new Change.NoNewPrivs());
        }
    }

    private boolean needsSetpcap(State now) {
        return !now.secureBits().equals(bits()) || mode == Mode.NOPRIV && !now.get(BOUNDING).isEmpty();
    }

    private SecureBits bits() {
        return mode == Mode.HYBRID ? SecureBits.NONE : SecureBits.LOCKED_DOWN;
    }

    /** The sets that each mode leaves: cap_set_mode(3). */
    private State after(State now) {
        State cleared = now.with(EFFECTIVE, CapabilitySet.NONE);
        State pure = cleared.with(AMBIENT, CapabilitySet.NONE);
        State init = pure.with(INHERITABLE, CapabilitySet.NONE);
        return switch (mode) {
            case HYBRID -> cleared;
            case PURE1E -> pure;
            case PURE1E_INIT -> init;
            case NOPRIV -> init.with(PERMITTED, CapabilitySet.NONE).with(BOUNDING, CapabilitySet.NONE);
            case UNCERTAIN -> throw new IllegalStateException(mode.toString());
        };
    }

    @Override
    public State expected(State before) {
        State entered = after(before).with(bits());
        return noNewPrivs || mode == Mode.NOPRIV ? entered.withNoNewPrivs() : entered;
    }
}
