package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.PR_GET_SECUREBITS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Call;
import nucleus.caps.internal.threads.Outcome;
import nucleus.caps.internal.threads.Told;

/** Every thread of this process, each read and changed by calls of its own. */
final class ProcessKernel implements ScopeKernel {

    /** A thread that creates another, or a process, blocks every signal until it comes to run again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ThreadKernel caller;
    private final boolean ioUring;
    private final Duration deadline;
    private final AllThreads threads = AllThreads.prepare();
    private final Call question;

    ProcessKernel(ThreadKernel caller, boolean ioUring, Duration deadline) {
        this.caller = caller;
        this.ioUring = ioUring;
        this.deadline = deadline;
        this.question = caller.numbers().prctl(PR_GET_SECUREBITS());
        CLibrary.initialise();
    }

    @Override
    public void ready() {
        List<Integer> rings = Proc.ioUrings();
        if (!ioUring && !rings.isEmpty()) {
            throw ioUringIsInUse("descriptors " + rings);
        }
    }

    private static RuntimeException ioUringIsInUse(String where) {
        return Refusals.of("Scope.PROCESS", Errno.NONE, "io_uring is in use (" + where + "), and a ring keeps the"
                + " privileges it was made with; close it, or say allowIoUring()");
    }

    @Override
    public List<ThreadStatus> read() {
        return read(Proc.callingThread(), threads.told());
    }

    private static List<ThreadStatus> read(ThreadStatus self, List<Told> told) {
        List<ThreadStatus> all = new ArrayList<>();
        all.add(self);
        for (Told thread : told) {
            if (thread.tid() != self.tid() && !thread.kernelWorker()) {
                Proc.task(thread.tid(), thread.status()).ifPresent(all::add);
            }
        }
        return all;
    }

    /** A thread that was listed before the others were asked, and that lives on, has been asked too. */
    @Override
    public List<ThreadStatus> observe() {
        List<Told> told = threads.told();
        requireNoKernelWorkers(told);
        requireReachable(told);
        List<ThreadStatus> before = read(caller.self(), told);
        Outcome outcome = threads.run(List.of(question), deadline);
        requireComplete(outcome);
        List<ThreadStatus> observed = new ArrayList<>();
        for (ThreadStatus thread : before) {
            Answer answer = outcome.answers().get(thread.tid());
            if (answer != null) {
                observed.add(complete(thread, answer));
            } else if (Proc.task(thread.tid()).isPresent()) {
                throw Refusals.of("prctl(PR_GET_SECUREBITS)", Errno.NONE, "not asked: " + named(List.of(thread.tid())));
            }
        }
        return observed;
    }

    private static ThreadStatus complete(ThreadStatus told, Answer answer) {
        return ScopeKernel.complete(told, new SecureBits((int) answer.result()));
    }

    private void requireNoKernelWorkers(List<Told> told) {
        for (Told thread : told) {
            if (!ioUring && thread.kernelWorker()) {
                throw ioUringIsInUse("kernel thread " + thread.tid());
            }
        }
    }

    private void requireReachable(List<Told> told) {
        boolean blocked = false;
        for (Told thread : told) {
            blocked |= thread.blocks();
        }
        List<Integer> blocking = blocked ? threads.blocking(patience()) : List.of();
        if (!blocking.isEmpty()) {
            throw Refusals.of("Scope.PROCESS", Errno.NONE, "these threads block signal 33, by which every thread is"
                    + " asked to change itself: " + named(blocking));
        }
    }

    private Duration patience() {
        return deadline.compareTo(PATIENCE) < 0 ? deadline : PATIENCE;
    }

    private void requireComplete(Outcome outcome) {
        List<Answer> failures = outcome.failures();
        if (!failures.isEmpty()) {
            List<Integer> tids = new ArrayList<>();
            failures.forEach(answer -> tids.add(answer.tid()));
            throw Refusals.of("prctl(PR_GET_SECUREBITS)", new Errno(failures.getFirst().errno()),
                    "refused on " + named(tids));
        }
        if (!outcome.complete()) {
            throw Refusals.of("rt_tgsigqueueinfo()", Errno.NONE, unanswered(outcome));
        }
    }

    private String unanswered(Outcome outcome) {
        return outcome.silent().isEmpty() ? "threads appear faster than they could be asked within " + deadline
                : "no answer within " + deadline + " from " + named(outcome.silent());
    }

    /** Each thread makes the calls, and then tells its securebits. */
    @Override
    public Ran run(List<Change> round) {
        if (round.getFirst().isIdentity()) {
            return new Done(CLibrary.run(round), null);
        }
        List<Program.Step> steps = Program.of(round, caller.numbers());
        List<Call> calls = new ArrayList<>();
        for (Program.Step step : steps) {
            calls.add(step.call());
        }
        calls.add(question);
        Outcome outcome = threads.run(calls, deadline);
        List<Failure> failures = new ArrayList<>();
        for (Answer answer : outcome.failures()) {
            Program.Step step = steps.get(Math.min(answer.executed(), steps.size() - 1));
            failures.add(new Failure(answer.tid(), step.change(), step.syscall(), new Errno(answer.errno())));
        }
        if (failures.isEmpty() && !outcome.complete()) {
            int tid = outcome.silent().isEmpty() ? 0 : outcome.silent().getFirst();
            failures.add(new Failure(tid, round.getFirst(), "rt_tgsigqueueinfo()", Errno.NONE, unanswered(outcome)));
        }
        return new Done(failures, outcome);
    }

    /**
     * A round that has run.
     *
     * @param outcome null where the C library made the calls
     */
    private final class Done implements Ran {

        private final List<Failure> failures;
        private final Outcome outcome;

        Done(List<Failure> failures, Outcome outcome) {
            this.failures = failures;
            this.outcome = outcome;
        }

        @Override
        public List<Failure> failures() {
            return failures;
        }

        /** A thread that has appeared since has not been asked: then all are asked again. */
        @Override
        public List<ThreadStatus> observe() {
            if (outcome == null || !failures.isEmpty()) {
                return ProcessKernel.this.observe();
            }
            List<Told> told = threads.told();
            requireNoKernelWorkers(told);
            List<ThreadStatus> observed = new ArrayList<>();
            for (ThreadStatus thread : read(caller.self(), told)) {
                Answer answer = outcome.answers().get(thread.tid());
                if (answer == null) {
                    return ProcessKernel.this.observe();
                }
                observed.add(complete(thread, answer));
            }
            return observed;
        }
    }

    private static String named(List<Integer> tids) {
        StringBuilder names = new StringBuilder();
        for (int tid : tids) {
            names.append(names.isEmpty() ? "" : ", ").append(tid);
            Proc.task(tid).ifPresent(thread -> names.append(" (").append(thread.name()).append(')'));
        }
        return names.toString();
    }
}
