package nucleus.caps.internal.recipe;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;

/**
 * Goes once through all that a drop does, in thought. After a change of the uid the class files of this library may be
 * out of reach, and a verification whose classes cannot be loaded is none.
 */
public final class Rehearsal {

    private static final Identity SOMEBODY = Identity.of(1, 1, 1);
    private static final List<Recipe> ALL = List.of(
            new DropBounding(CapabilitySet.NONE),
            new SwitchIdentity(SOMEBODY, CapabilitySet.NONE),
            new Finish(CapabilitySet.NONE, Optional.of(SOMEBODY), true),
            new ApplySets(CapabilitySets.NONE, Optional.of(SOMEBODY), true),
            new ChangeSet(SetKind.AMBIENT, CapabilitySet.NONE));

    private Rehearsal() {
    }

    /** Changes nothing. */
    public static void of(Kernel kernel) {
        var observed = Transition.perform(kernel, Scope.THREAD, List.of());
        Rules rules = new Rules(kernel.userNamespace());
        State now = State.of(observed.getFirst());
        for (Recipe recipe : ALL) {
            rehearse(recipe, new Plan(rules, now));
            var differences = Verifier.differences(recipe.expected(now), observed);
            new VerificationException(recipe.name(), differences, false, observed);
        }
        Change change = new Change.NoNewPrivs();
        new Refusal(new Failure(0, change, change.syscall(), Errno.EPERM).syscall(), Errno.EPERM, "")
                .exception(false, observed);
    }

    private static void rehearse(Recipe recipe, Plan plan) {
        try {
            recipe.plan(plan);
        } catch (Plan.Refused refused) {
            refused.refusal().exception(false, List.of());
        }
    }
}
