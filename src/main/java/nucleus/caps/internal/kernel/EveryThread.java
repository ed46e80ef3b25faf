package nucleus.caps.internal.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.text.ThreadNames;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;
import nucleus.caps.internal.threads.Program;

/** Every thread of this process. Each changes itself and reports its credentials. /proc is the second witness. */
final class EveryThread {

    /** A thread that changes or ends while it is read can contradict /proc. A contradiction that lasts is an error. */
    private static final int LOOKS = 5;

    /** Attempts to turn KEEPCAPS off: nothing else undoes it, so a refused call is repeated. */
    private static final int TIMES = 2;

    /** Growth of the room for groups if a thread has more. */
    private static final int MORE = 4;

    private final AllThreads threads = AllThreads.prepare();
    private final ChangeCalls calls = new ChangeCalls(Syscall::number);
    private final CapabilitySet supported;
    private final boolean ioUring;
    private final Duration deadline;
    private int groups = Questions.USUAL_GROUPS;
    private Questions questions;
    /** The parent-death signal that a thread reported last, or 0. */
    private int deathSignal;

    EveryThread(CapabilitySet supported, boolean ioUring, Duration deadline) {
        this.supported = supported;
        this.ioUring = ioUring;
        this.deadline = deadline;
        questions = new Questions(supported, groups);
    }

    /** {@return the state in /proc of every thread that lives at the end of a listing} Disturbs no thread. */
    synchronized List<ThreadStatus> read() {
        List<ThreadStatus> all = new ArrayList<>();
        statusFiles().forEach((tid, text) -> Proc.task(tid, text).ifPresent(all::add));
        return ordered(all);
    }

    /** Puts the calling thread first and notes its Java name. A scout is not in the list. */
    private List<ThreadStatus> ordered(List<ThreadStatus> all) {
        int self = threads.self();
        List<ThreadStatus> ordered = Scout.order(all, self);
        if (ordered.getFirst().tid() == self) {
            JavaNames.noted(ordered.getFirst());
        }
        return ordered;
    }

    synchronized List<ThreadStatus> observe() {
        for (int look = 1;; look++) {
            try {
                return told(true);
            } catch (VerificationException e) {
                if (look == LOOKS) {
                    throw e;
                }
            }
        }
    }

    /** {@return the state that each thread reports, not compared with /proc} */
    synchronized List<ThreadStatus> probe() {
        return told(false);
    }

    private List<ThreadStatus> told(boolean witnessed) {
        int mark = threads.mark();
        try {
            Outcome outcome = asked(List.of(), mark);
            requireNoRings(outcome);
            List<ThreadStatus> told = new ArrayList<>();
            deathSignal = 0;
            for (Answer answer : outcome.living()) {
                deathSignal = deathSignal != 0 ? deathSignal : questions.deathSignal(answer);
                told.add(questions.status(answer));
            }
            Map<Integer, String> files = witnessed ? threads.statusFiles(outcome.living()) : Map.of();
            for (ThreadStatus thread : told) {
                new Witness(thread.credentials()::equals).confirm(thread, files.get(thread.tid()));
            }
            told.addAll(workers(outcome));
            return ordered(told);
        } finally {
            threads.close(mark);
        }
    }

    /** Every thread makes these calls, which change nothing, and then reports its state. */
    private Outcome asked(List<Call> first, int mark) {
        List<Call> all = new ArrayList<>(first);
        all.addAll(questions.calls(mark));
        Outcome outcome = threads.run(new Program(List.of(), all, questions.memory()), deadline, answer -> true);
        if (wantsRoom(outcome)) {
            return asked(first, mark);
        }
        if (!outcome.settled()) {
            throw unsettled(outcome);
        }
        return outcome;
    }

    /** {@return the attempts in which a thread was not refused} The kernel's own threads make no system call. */
    synchronized List<Difference> judged(List<Attempt> attempts) {
        int mark = threads.mark();
        try {
            List<Difference> differences = new ArrayList<>();
            for (Answer answer : asked(attempts.stream().map(Attempt::call).toList(), mark).living()) {
                ThreadStatus thread = questions.status(answer);
                for (int i = 0; i < attempts.size(); i++) {
                    attempts.get(i).judge(thread, answer.results()[i]).ifPresent(differences::add);
                }
            }
            return differences;
        } finally {
            threads.close(mark);
        }
    }

    /** {@return the status file of every living thread, by thread id} */
    synchronized Map<Integer, String> statusFiles() {
        return threads.statusFiles(deadline);
    }

    /** The kernel's own threads cannot be asked. They are listed only if io_uring is allowed. */
    private List<ThreadStatus> workers(Outcome outcome) {
        List<ThreadStatus> workers = new ArrayList<>();
        for (int tid : outcome.workers()) {
            Proc.task(tid).ifPresent(workers::add);
        }
        return workers;
    }

    /** Gives the next questions more room if a thread has more groups than fit. */
    private boolean wantsRoom(Outcome outcome) {
        boolean wants = false;
        for (Answer answer : outcome.living()) {
            wants |= questions.wantsRoom(answer);
        }
        return makeRoom(wants ? groups * MORE : groups);
    }

    /** {@return whether there is more room now} The room never shrinks, because a change is asked about only once. */
    private boolean makeRoom(int wanted) {
        int room = Math.min(wanted, Identity.MAX_GROUPS);
        if (room <= groups) {
            return false;
        }
        groups = room;
        questions = new Questions(supported, groups);
        return true;
    }

    private CapsException unsettled(Outcome outcome) {
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

    /** A ring acts with the privileges of the thread that made it. This looks at every descriptor table at least once. */
    private void requireNoRings(Outcome outcome) {
        if (ioUring) {
            return;
        }
        Answer self = outcome.living().getFirst();
        for (Answer answer : outcome.living()) {
            boolean own = answer.tid() == self.tid();
            if (own || !questions.sharesDescriptors(self, answer)) {
                List<Integer> rings = threads.rings(answer.tid());
                if (!rings.isEmpty()) {
                    throw ioUringIsInUse("descriptors " + rings + (own ? "" : " of thread " + answer.tid()));
                }
            }
        }
        if (!outcome.workers().isEmpty()) {
            throw ioUringIsInUse("kernel thread " + outcome.workers().getFirst());
        }
    }

    private static CapsException ioUringIsInUse(String where) {
        return Errno.NONE.exception("Scope.PROCESS", "io_uring is in use (" + where + "); a ring keeps the privileges of the"
                + " thread that created it; create the rings after the drop, and keep CAP_NET_BIND_SERVICE if a port below 1024"
                + " is bound then, or use the option allowIoUring()");
    }

    synchronized RoundResult run(Plan plan, Predicate<Credentials> asked) {
        for (Change change : plan.changes()) {
            makeRoom(change instanceof Change.SetGroups set ? set.groups().size() : 0);
        }
        int mark = threads.mark();
        try {
            return run(plan, asked, mark);
        } finally {
            threads.close(mark);
        }
    }

    private RoundResult run(Plan plan, Predicate<Credentials> asked, int mark) {
        List<ChangeCalls.Row> rows = calls.of(plan.steps());
        List<Program.Row> changes = new ArrayList<>();
        for (ChangeCalls.Row row : rows) {
            changes.add(new Program.Row(row.call(), row.step().tolerated()));
        }
        List<Call> last = new ArrayList<>();
        for (int time = 0; plan.endsKeepCaps() && time < TIMES; time++) {
            last.addAll(calls.of(new Change.KeepCaps(false)));
        }
        int signal = plan.switchesIds() ? deathSignal : 0;
        if (signal != 0) {
            last.add(calls.prctl(ProcessCalls.PR_SET_PDEATHSIG, signal));
        }
        last.addAll(questions.calls(mark));
        Outcome outcome = threads.run(new Program(changes, last, questions.memory()), deadline,
                answer -> asked.test(questions.status(answer).credentials()));
        return new Judgement(plan, rows, asked, signal).of(outcome);
    }

    /** Translates the answers of a round into its result. */
    private final class Judgement {

        private final Plan plan;
        private final List<ChangeCalls.Row> rows;
        private final Predicate<Credentials> asked;
        private final int signal;
        private final List<ThreadStatus> after = new ArrayList<>();
        private final List<Failure> failures = new ArrayList<>();
        private final List<Integer> silent = new ArrayList<>();
        private Optional<CapsException> reason = Optional.empty();

        Judgement(Plan plan, List<ChangeCalls.Row> rows, Predicate<Credentials> asked, int signal) {
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
                reason = reason.or(outcome::reason).or(() -> after.isEmpty() ? Optional.of(unsettled(outcome))
                        : Optional.empty());
                return new RoundResult(List.of(), after.stream().findFirst(), failures, List.of(), reason);
            }
            silent.addAll(outcome.silent());
            if (reason.isEmpty() && outcome.begun() && !outcome.settled()) {
                reason = Optional.of(unsettled(outcome));
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
            return plan.endsKeepCaps() && answer.results()[TIMES - 1] < 0 ? Optional.of(new Failure(answer.tid(), off,
                    off.syscall(), Errno.of(answer.results()[TIMES - 1]))) : Optional.empty();
        }

        /** {@return the error if /proc contradicts a living thread, if a ring is in use, or if a signal is lost} */
        private Optional<CapsException> contradiction(Outcome outcome) {
            try {
                for (Answer answer : outcome.living()) {
                    if (signal != 0 && questions.deathSignal(answer) != signal) {
                        throw DeathSignal.lost(signal, answer.tid());
                    }
                }
                requireNoRings(outcome);
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
    }
}
