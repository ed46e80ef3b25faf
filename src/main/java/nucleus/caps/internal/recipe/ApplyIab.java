package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.Optional;
import nucleus.caps.Iab;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;

/**
 * What is handed on to programs: inheritable and ambient exactly, bounding without what is dropped. Permitted and
 * effective stay as they are.
 *
 * @param iab what is handed on afterwards
 * @param noNewPrivs whether no_new_privs is set, as the last thing
 * @param secureBits what they are afterwards
 */
public record ApplyIab(Iab iab, boolean noNewPrivs, Optional<SecureBits> secureBits) implements Recipe {

    public ApplyIab {
        requireNonNull(iab, "iab");
        requireNonNull(secureBits, "secureBits");
    }

    @Override
    public String name() {
        return "apply(" + iab + ")";
    }

    @Override
    public void plan(Plan plan) {
        State now = plan.state();
        secureBits.ifPresent(bits -> plan.add(new Change.SetSecureBits(Securing.first(now.secureBits(), bits, true))));
        // Inheritable first: it can gain only what is in the bounding set.
        plan.add(new Change.CapSet(now.get(EFFECTIVE), now.get(PERMITTED), iab.inheritable()));
        plan.add(new Change.DropBounding(now.get(BOUNDING).intersect(iab.dropped())));
        plan.add(new Change.LowerAmbient(plan.state().get(AMBIENT).minus(iab.ambient())));
        plan.add(new Change.RaiseAmbient(iab.ambient().minus(plan.state().get(AMBIENT))));
        secureBits.ifPresent(bits -> plan.add(new Change.SetSecureBits(bits)));
        if (noNewPrivs) {
            plan.add(new Change.NoNewPrivs());
        }
    }

    @Override
    public State expected(State before) {
        State applied = before.with(iab.appliedTo(before.sets()));
        State secured = secureBits.map(applied::with).orElse(applied);
        return noNewPrivs ? secured.withNoNewPrivs() : secured;
    }
}
