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
        this.before = asked(kernel.probe(scope));
    }

    /** Removes the kernel's own threads, which report no securebits. They are listed only if the caller accepts them. */
    private static List<ThreadStatus> asked(List<ThreadStatus> observed) {
        List<ThreadStatus> threads = new ArrayList<>(observed);
        threads.removeIf(thread -> thread.secureBits().isEmpty());
        return threads;
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

    /** {@return the target whose end no longer depends on the state of a thread} The same target if the ends differ. */
    public Target begun() {
        Set<Credentials> ends = ends();
        return ends.size() == 1 ? target.endingAt(ends.iterator().next()) : target;
    }

    /**
     * Checks that every thread still holds the credentials that were read back last. Changes nothing.
     *
     * @throws VerificationException if a thread does not
     */
    public static void confirm(Kernel kernel, Scope scope, String step, List<ThreadStatus> last) {
        Set<Credentials> right = credentials(last);
        require(step, asked(kernel.observe(scope)), right, last.getFirst().credentials());
    }

    /**
     * Checks that every thread is still at the end of the target. Changes nothing.
     *
     * @throws VerificationException if a thread is not
     */
    public static void confirm(Kernel kernel, Scope scope, Target target) {
        for (ThreadStatus thread : asked(kernel.observe(scope))) {
            try {
                Credentials end = target.end(thread.credentials());
                require(target.name(), List.of(thread), Set.of(end), end);
            } catch (Refusal.Refused refused) {
                throw refused.refusal().exception(false, List.of(thread));
            }
        }
    }

    private static void require(String step, List<ThreadStatus> threads, Set<Credentials> right, Credentials expected) {
        List<Difference> differences = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            differences.addAll(right.contains(thread.credentials()) ? List.of()
                    : Verifier.differences(expected, thread));
        }
        if (!differences.isEmpty()) {
            throw new VerificationException(step, differences, false, threads);
        }
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
            confirm(kernel, scope, target);
            return before;
        }
        Set<Credentials> ends = ends();
        RoundResult result = kernel.run(scope, plan, ends::contains);
        if (!result.failures().isEmpty()) {
            throw refused(plan, result);
        }
        if (result.reason().isPresent()) {
            throw unknown(result, result.reason().get());
        }
        List<Difference> differences = differences(ends, result);
        if (!differences.isEmpty()) {
            throw new VerificationException(target.name(), differences, changed(result), now(result));
        }
        return result.after();
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
                throw again(e, e.rule(), e.changed(), before);
            }
        }
    }

    private static CapsException again(CapsException e, String rule, boolean changed, List<ThreadStatus> threads) {
        CapsException again = new CapsException(e.syscall(), e.errno(), e.errnoName(), rule, changed, threads);
        again.initCause(e);
        return again;
    }

    private List<Difference> differences(Set<Credentials> ends, RoundResult result) {
        List<ThreadStatus> told = new ArrayList<>(result.after());
        result.scout().ifPresent(told::add);
        List<Difference> differences = new ArrayList<>();
        for (ThreadStatus thread : told) {
            if (!ends.contains(thread.credentials())) {
                differences.addAll(Verifier.differences(target.end(before.getFirst().credentials()), thread));
            }
        }
        return differences;
    }

    private CapsException refused(Plan plan, RoundResult result) {
        Failure first = result.failures().getFirst();
        Credentials then = when(plan, first, result);
        String rule = rules.against(then, first.change()).map(Refusal::rule)
                .orElse(Rules.unforeseen(then, first.change()));
        return new Refusal(first.syscall() + where(result), first.errno(), rule + consequences(result))
                .exception(changed(result), now(result));
    }

    /** {@return the credentials of the thread when the call was refused} A new thread is judged by what it reports. */
    @SuppressWarnings("ReferenceEquality") // a plan may have two equal changes
    private Credentials when(Plan plan, Failure failure, RoundResult result) {
        Optional<Credentials> had = told(before, failure.tid());
        Optional<Credentials> has = told(result.after(), failure.tid());
        if (result.scout().isEmpty() && had.isEmpty() && has.isPresent()) {
            return has.get();
        }
        Credentials then = had.orElse(before.getFirst().credentials());
        for (Change change : plan.changes()) {
            if (change == failure.change()) {
                break;
            }
            then = rules.against(then, change).isPresent() ? then : Effects.after(then, change);
        }
        return then;
    }

    private static Optional<Credentials> told(List<ThreadStatus> threads, int tid) {
        for (ThreadStatus thread : threads) {
            if (thread.tid() == tid) {
                return Optional.of(thread.credentials());
            }
        }
        return Optional.empty();
    }

    private String where(RoundResult result) {
        if (scope == Scope.THREAD || result.scout().isPresent()) {
            return "";
        }
        Map<Integer, String> refused = new LinkedHashMap<>();
        for (Failure failure : result.failures()) {
            refused.put(failure.tid(), "");
        }
        return " [" + ThreadNames.of(refused) + "]";
    }

    private String consequences(RoundResult result) {
        StringBuilder more = new StringBuilder();
        result.reason().ifPresent(reason -> more.append("; the result is unknown: ").append(reason.getMessage()));
        Map<Integer, String> keeping = new LinkedHashMap<>();
        for (ThreadStatus thread : result.after()) {
            if (UidFixup.keepsCaps(thread.credentials())) {
                keeping.put(thread.tid(), thread.name());
            }
        }
        more.append(keeping.isEmpty() ? "" : "; KEEPCAPS is still on in " + ThreadNames.of(keeping));
        boolean torn = scope == Scope.PROCESS && credentials(now(result)).size() > 1 && changed(result);
        return more.append(torn ? "; the threads of this process now differ; end this process" : "").toString();
    }

    /** The error for a change that may be incomplete. */
    private CapsException unknown(RoundResult result, CapsException reason) {
        boolean changed = changed(result);
        if (reason instanceof VerificationException contradiction) {
            return new VerificationException(contradiction.syscall(), contradiction.differences(), changed, now(result));
        }
        String rule = changed ? "the result is unknown: " + reason.rule() : reason.rule();
        return again(reason, rule, changed, now(result));
    }

    /** Compares the states. A thread that was asked and did not report counts as changed, and so does a file. */
    private boolean changed(RoundResult result) {
        Map<Integer, Credentials> then = new HashMap<>();
        before.forEach(thread -> then.put(thread.tid(), thread.credentials()));
        Set<Credentials> known = credentials(before);
        boolean changed = handedOver || !result.silent().isEmpty();
        for (ThreadStatus thread : result.after()) {
            Credentials was = then.get(thread.tid());
            changed |= was == null ? !known.contains(thread.credentials()) : !was.equals(thread.credentials());
        }
        return changed;
    }

    /** {@return the last known state of every thread} In THREAD scope the list is empty if the thread could not report. */
    private List<ThreadStatus> now(RoundResult result) {
        if (scope == Scope.THREAD) {
            return result.after();
        }
        Map<Integer, ThreadStatus> told = new HashMap<>();
        result.after().forEach(thread -> told.put(thread.tid(), thread));
        List<ThreadStatus> now = new ArrayList<>();
        for (ThreadStatus thread : before) {
            now.add(Optional.ofNullable(told.remove(thread.tid())).orElse(thread));
        }
        for (ThreadStatus thread : result.after()) {
            if (told.containsKey(thread.tid())) {
                now.add(thread);
            }
        }
        return now;
    }

    private static Set<Credentials> credentials(List<ThreadStatus> threads) {
        Set<Credentials> all = new HashSet<>();
        for (ThreadStatus thread : threads) {
            all.add(thread.credentials());
        }
        return all;
    }
}
