package nucleus.caps.internal.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Effects;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.text.ThreadNames;

/** Leads every thread in scope to a target. Plans before it changes anything, and verifies what each thread reports. */
public final class Transition {

    private final Kernel kernel;
    private final Scope scope;
    private final Target target;
    private final Rules rules;
    private final List<ThreadStatus> before;
    private boolean handedOver;

    private Transition(Kernel kernel, Scope scope, Target target) {
        this.kernel = kernel;
        this.scope = scope;
        this.target = target;
        this.rules = new Rules(kernel.userNamespace());
        this.before = Confirmation.asked(kernel.probe(scope));
    }

    /** Does everything that a step does except its changes, so that no code is linked in the middle of a later step. */
    public static void rehearse(Kernel kernel, Scope scope) {
        kernel.rehearse(scope);
        CapabilitySet all = kernel.supported();
        Identity identity = Identity.of(1, 1);
        ThreadStatus root = new ThreadStatus(0, "", new Credentials(new CapabilitySets(all, all, all, all, all), Ids.all(0),
                Ids.all(0), List.of(0L), false, Optional.of(SecureBits.NONE)));
        Rules rules = new Rules(UserNamespace.INITIAL);
        for (CapabilitySet keep : List.of(CapabilitySet.NONE, CapabilitySet.of(Capability.CAP_SETUID))) {
            for (Optional<SecureBits> bits : List.of(Optional.<SecureBits>empty(), Optional.of(SecureBits.LOCKED_DOWN))) {
                Target target = Target.drop(keep, Optional.of(identity), true, bits);
                Planner.plan(rules, target, List.of(root));
                Verifier.differences(target.end(root.credentials()), root);
            }
        }
    }

    /**
     * Leads every thread in scope to the target.
     *
     * @return the state of every thread in scope, as the thread reported it after its last change
     * @throws CapsException if a change is refused; {@link CapsException#changed()} says whether a thread has changed
     */
    public static List<ThreadStatus> perform(Kernel kernel, Scope scope, Target target) {
        return to(kernel, scope, target).perform(() -> {});
    }

    /** {@return the transition of every thread in scope from its present state to the target} Changes nothing yet. */
    public static Transition to(Kernel kernel, Scope scope, Target target) {
        return new Transition(kernel, scope, target);
    }

    /** {@return the state from which every thread in scope starts, the calling thread first} */
    public List<ThreadStatus> before() {
        return before;
    }

    /** {@return the target whose end no longer depends on the state of a thread} The same target if the ends differ. */
    public Target begun() {
        Set<Credentials> ends = ends();
        return ends.size() == 1 ? target.endingAt(ends.iterator().next()) : target;
    }

    /**
     * Performs it, as {@link #perform(Kernel, Scope, Target)}.
     *
     * @param beforeSwitch runs before the first change, if the plan sets the uid or the gid
     */
    public List<ThreadStatus> perform(Runnable beforeSwitch) {
        Plan plan = plan();
        if (plan.switchesIds()) {
            beforeSwitch.run();
        }
        handOver();
        if (plan.isEmpty()) {
            Confirmation.atEnd(kernel, scope, target);
            return before;
        }
        Set<Credentials> ends = ends();
        RoundResult result = run(plan, ends);
        new Verdict(scope, target, rules, before, plan, result, handedOver).require(ends);
        return result.after();
    }

    /** After an error such as OutOfMemoryError, the threads may have changed, and what they reported is lost. */
    private RoundResult run(Plan plan, Set<Credentials> ends) {
        try {
            return kernel.run(scope, plan, ends::contains);
        } catch (VirtualMachineError | LinkageError e) {
            CapsException unknown = new CapsException(target.name(), 0, "", "the result is unknown: " + e, true, List.of());
            unknown.initCause(e);
            throw unknown;
        }
    }

    /** More than one if threads differ in something that the target leaves. */
    private Set<Credentials> ends() {
        Set<Credentials> ends = new HashSet<>();
        for (ThreadStatus thread : before) {
            ends.add(target.end(thread.credentials()));
        }
        return ends;
    }

    private Plan plan() {
        try {
            return Planner.plan(rules, target, before);
        } catch (Refusal.Refused refused) {
            throw refused.refusal().exception(false, before);
        }
    }

    /** Comes after the plan, which finds most refusals, and before the round, which gives up the privileges. */
    private void handOver() {
        if (target.identity().isPresent() && !target.trees().isEmpty()) {
            try {
                handedOver = kernel.handOver(target.trees(), target.identity().get());
            } catch (CapsException e) {
                throw Verdict.again(e, e.rule(), e.changed(), before);
            }
        }
    }
}
