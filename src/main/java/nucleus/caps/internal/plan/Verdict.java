package nucleus.caps.internal.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Effects;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.text.ThreadNames;

/** Says whether a plan led every thread to the target, and if not, why and what has changed. */
final class Verdict {

    private final Scope scope;
    private final Target target;
    private final Rules rules;
    private final List<ThreadStatus> before;
    private final Plan plan;
    private final RoundResult result;
    private final boolean handedOver;

    /**
     * The verdict on a round.
     *
     * @param before the state that the plan started from
     * @param handedOver whether a file has a new owner or group
     */
    Verdict(Scope scope, Target target, Rules rules, List<ThreadStatus> before, Plan plan, RoundResult result,
            boolean handedOver) {
        this.scope = scope;
        this.target = target;
        this.rules = rules;
        this.before = before;
        this.plan = plan;
        this.result = result;
        this.handedOver = handedOver;
    }

    /**
     * Requires that every thread reported one of these ends.
     *
     * @throws CapsException if not; {@link CapsException#changed()} says whether a thread has changed
     */
    void require(Set<Credentials> ends) {
        if (!result.failures().isEmpty()) {
            throw refused();
        }
        if (result.reason().isPresent()) {
            throw unknown(result.reason().get());
        }
        List<Difference> differences = differences(ends);
        if (!differences.isEmpty()) {
            throw new VerificationException(target.name(), differences, changed(), now());
        }
    }

    private List<Difference> differences(Set<Credentials> ends) {
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

    private CapsException refused() {
        Failure first = result.failures().getFirst();
        Credentials then = when(first);
        String rule = rules.against(then, first.change()).map(Refusal::rule)
                .orElse(Rules.unforeseen(then, first.change()));
        return new Refusal(first.syscall() + where(), first.errno(), rule + consequences())
                .exception(changed(), now());
    }

    /** {@return the credentials of the thread when the call was refused} A new thread is judged by what it reports. */
    @SuppressWarnings("ReferenceEquality") // a plan may have two equal changes
    private Credentials when(Failure failure) {
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

    private String where() {
        if (scope == Scope.THREAD || result.scout().isPresent()) {
            return "";
        }
        Map<Integer, String> refused = new LinkedHashMap<>();
        for (Failure failure : result.failures()) {
            refused.put(failure.tid(), "");
        }
        return " [" + ThreadNames.of(refused) + "]";
    }

    private String consequences() {
        StringBuilder more = new StringBuilder();
        result.reason().ifPresent(reason -> more.append("; the result is unknown: ").append(reason.getMessage()));
        Map<Integer, String> keeping = new LinkedHashMap<>();
        for (ThreadStatus thread : result.after()) {
            if (UidFixup.keepsCaps(thread.credentials())) {
                keeping.put(thread.tid(), thread.name());
            }
        }
        more.append(keeping.isEmpty() ? "" : "; KEEPCAPS is still on in " + ThreadNames.of(keeping));
        boolean torn = scope == Scope.PROCESS && Confirmation.distinct(now()).size() > 1 && changed();
        return more.append(torn ? "; the threads of this process now differ; end this process" : "").toString();
    }

    /** {@return the same error, with what has changed} */
    static CapsException again(CapsException e, String rule, boolean changed, List<ThreadStatus> threads) {
        CapsException again = new CapsException(e.syscall(), e.errno(), e.errnoName(), rule, changed, threads);
        again.initCause(e);
        return again;
    }

    /** The error for a change that may be incomplete. */
    private CapsException unknown(CapsException reason) {
        boolean changed = changed();
        if (reason instanceof VerificationException contradiction) {
            return new VerificationException(contradiction.syscall(), contradiction.differences(), changed, now());
        }
        String rule = changed ? "the result is unknown: " + reason.rule() : reason.rule();
        return again(reason, rule, changed, now());
    }

    /** Compares the states. A thread that was asked and did not report counts as changed, and so does a file. */
    private boolean changed() {
        Map<Integer, Credentials> then = new HashMap<>();
        before.forEach(thread -> then.put(thread.tid(), thread.credentials()));
        Set<Credentials> known = Confirmation.distinct(before);
        boolean changed = handedOver || !result.silent().isEmpty();
        for (ThreadStatus thread : result.after()) {
            Credentials was = then.get(thread.tid());
            changed |= was == null ? !known.contains(thread.credentials()) : !was.equals(thread.credentials());
        }
        return changed;
    }

    /** {@return the last known state of every thread} In THREAD scope the list is empty if the thread could not report. */
    private List<ThreadStatus> now() {
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
}
