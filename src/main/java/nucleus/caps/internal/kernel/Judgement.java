package nucleus.caps.internal.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.text.ThreadNames;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;

/** Translates the answers of a round into its result. */
final class Judgement {

    /** Calls that turn KEEPCAPS off: nothing else undoes it, so a refused call is repeated. */
    static final int KEEP_CAPS_CALLS = 2;

    private final AllThreads threads;
    private final Questions questions;
    private final Rings rings;
    private final Duration deadline;
    private final Plan plan;
    private final List<ChangeCalls.Row> rows;
    private final Predicate<Credentials> asked;
    private final int signal;
    private final List<ThreadStatus> after = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();
    private final List<Integer> silent = new ArrayList<>();
    private Optional<CapsException> reason = Optional.empty();

    /**
     * The judgement of one round.
     *
     * @param rows the calls of the plan
     * @param asked whether the credentials are an intended end of the plan
     * @param signal the parent-death signal that every thread must have afterwards, or 0
     */
    Judgement(AllThreads threads, Questions questions, Rings rings, Duration deadline, Plan plan, List<ChangeCalls.Row> rows,
              Predicate<Credentials> asked, int signal) {
        this.threads = threads;
        this.questions = questions;
        this.rings = rings;
        this.deadline = deadline;
        this.plan = plan;
        this.rows = rows;
        this.asked = asked;
        this.signal = signal;
    }

    RoundResult of(Outcome outcome) {
        boolean scout = Thread.currentThread() instanceof Scout;
        for (Answer answer : outcome.living()) {
            if (!outcome.begun() || !scout || answer.tid() != threads.self()) {
                take(answer);
            }
        }
        if (!outcome.begun() && scout) { // its state ends with it
            reason = reason.or(outcome::reason).or(() -> after.isEmpty() ? Optional.of(unsettled(outcome, deadline))
                    : Optional.empty());
            return new RoundResult(List.of(), after.stream().findFirst(), failures, List.of(), reason);
        }
        boolean any = outcome.effort().signals() > 0; // otherwise no thread has run anything
        silent.addAll(any ? outcome.silent() : List.of());
        if (reason.isEmpty() && (outcome.begun() || !any) && !outcome.settled()) {
            reason = Optional.of(unsettled(outcome, deadline));
        }
        if (reason.isEmpty() && outcome.settled() && failures.isEmpty()) {
            reason = contradiction(outcome);
        }
        return new RoundResult(Scout.order(after, threads.self()), Optional.empty(), failures, silent,
                reason.or(outcome::reason));
    }

    private void take(Answer answer) {
        try {
            ThreadStatus thread = questions.status(answer);
            after.add(thread);
            if (!asked.test(thread.credentials())) {
                failure(answer).ifPresent(failures::add);
            }
        } catch (CapsException e) {
            silent.add(answer.tid());
            reason = Optional.of(e);
        }
    }

    private Optional<Failure> failure(Answer answer) {
        if (answer.refused() != Answer.NONE) {
            ChangeCalls.Row row = rows.get(answer.refused());
            return Optional.of(new Failure(answer.tid(), row.step().change(), row.syscall(),
                    new Errno(answer.errno())));
        }
        Change off = new Change.KeepCaps(false);
        return plan.endsKeepCaps() && answer.results()[KEEP_CAPS_CALLS - 1] < 0 ? Optional.of(new Failure(answer.tid(), off,
                off.syscall(), Errno.of(answer.results()[KEEP_CAPS_CALLS - 1]))) : Optional.empty();
    }

    /** {@return the error if /proc contradicts a living thread, if a ring is in use, or if a signal is lost} */
    private Optional<CapsException> contradiction(Outcome outcome) {
        try {
            for (Answer answer : outcome.living()) {
                if (signal != 0 && questions.deathSignal(answer) != signal) {
                    throw DeathSignal.lost(signal, answer.tid());
                }
            }
            rings.requireNone(outcome);
            Map<Integer, String> files = threads.statusFiles(outcome.living());
            Witness witness = new Witness(asked);
            for (ThreadStatus thread : after) {
                if (asked.test(thread.credentials())) {
                    witness.confirm(thread, files.get(thread.tid()));
                }
            }
            return Optional.empty();
        } catch (CapsException e) {
            return Optional.of(e);
        }
    }

    /** {@return why a round is not settled} */
    static CapsException unsettled(Outcome outcome, Duration deadline) {
        List<Integer> silent = outcome.silent();
        if (outcome.reason().isEmpty()) {
            return Errno.NONE.exception("rt_tgsigqueueinfo()", "no answer within " + deadline + " from " + named(silent));
        }
        CapsException reason = outcome.reason().get();
        return silent.isEmpty() ? reason
                : new Errno(reason.errno()).exception(reason.syscall(), reason.rule() + ": " + named(silent));
    }

    private static String named(List<Integer> tids) {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (int tid : tids) {
            Optional<ThreadStatus> thread = Proc.task(tid);
            names.put(tid, thread.isPresent() ? thread.get().name() : "");
        }
        return ThreadNames.of(names);
    }
}
