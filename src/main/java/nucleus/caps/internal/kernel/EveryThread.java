package nucleus.caps.internal.kernel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.ProcessCalls;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;
import nucleus.caps.internal.threads.Program;

/** Every thread of this process. Each changes itself and reports its credentials. /proc is the second witness. */
final class EveryThread {

    /** A thread that changes or ends while it is read can contradict /proc. A contradiction that lasts is an error. */
    private static final int LOOKS = 5;

    private final AllThreads threads = AllThreads.prepare();
    private final ChangeCalls calls = new ChangeCalls(Syscall::number);
    private final boolean ioUring;
    private final Duration deadline;
    private Questions questions;
    /** The parent-death signal that a thread reported last, or 0. */
    private int deathSignal;

    EveryThread(CapabilitySet supported, boolean ioUring, Duration deadline) {
        this.ioUring = ioUring;
        this.deadline = deadline;
        questions = new Questions(supported);
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
        Outcome outcome = asked(List.of());
        rings().requireNone(outcome);
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
    }

    /** Every thread makes these calls, which change nothing, and then reports its state. */
    private Outcome asked(List<Call> first) {
        List<Call> all = new ArrayList<>(first);
        all.addAll(questions.calls());
        Outcome outcome = threads.run(new Program(List.of(), all, questions.memory()), deadline, answer -> true);
        Questions fitting = questions.fitting(outcome.living());
        if (fitting != questions) {
            questions = fitting;
            return asked(first);
        }
        if (!outcome.settled()) {
            throw Judgement.unsettled(outcome, deadline);
        }
        return outcome;
    }

    /** {@return the attempts in which a thread was not refused} The kernel's own threads make no system call. */
    synchronized List<Difference> judged(List<Attempt> attempts) {
        List<Difference> differences = new ArrayList<>();
        for (Answer answer : asked(attempts.stream().map(Attempt::call).toList()).living()) {
            ThreadStatus thread = questions.status(answer);
            for (int i = 0; i < attempts.size(); i++) {
                attempts.get(i).judge(thread, answer.results()[i]).ifPresent(differences::add);
            }
        }
        return differences;
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

    private Rings rings() {
        return new Rings(threads, ioUring);
    }

    synchronized RoundResult run(Plan plan, Predicate<Credentials> asked) {
        for (Change change : plan.changes()) {
            if (change instanceof Change.SetGroups set) {
                questions = questions.withRoomFor(set.groups().size());
            }
        }
        List<ChangeCalls.Row> rows = calls.of(plan.steps());
        List<Program.Row> changes = new ArrayList<>();
        for (ChangeCalls.Row row : rows) {
            changes.add(new Program.Row(row.call(), row.step().tolerated()));
        }
        List<Call> last = new ArrayList<>();
        for (int time = 0; plan.endsKeepCaps() && time < Judgement.KEEP_CAPS_CALLS; time++) {
            last.addAll(calls.of(new Change.KeepCaps(false)));
        }
        int signal = plan.switchesIds() ? deathSignal : 0;
        if (signal != 0) {
            last.add(calls.prctl(ProcessCalls.PR_SET_PDEATHSIG, signal));
        }
        last.addAll(questions.calls());
        Outcome outcome = threads.run(new Program(changes, last, questions.memory()), deadline,
                answer -> asked.test(questions.status(answer).credentials()));
        return new Judgement(threads, questions, rings(), deadline, plan, rows, asked, signal).of(outcome);
    }
}
