package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.PR_GET_SECUREBITS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.threads.AllThreads;
import nucleus.caps.internal.threads.Answer;
import nucleus.caps.internal.threads.Outcome;

/** Every thread of this process, each read and changed by calls of its own. */
final class ProcessKernel implements ScopeKernel {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final ThreadKernel caller;
    private final boolean ioUring;
    private final Duration deadline;
    private final AllThreads threads = AllThreads.prepare();

    ProcessKernel(ThreadKernel caller, boolean ioUring, Duration deadline) {
        this.caller = caller;
        this.ioUring = ioUring;
        this.deadline = deadline;
        CLibrary.initialise();
    }

    @Override
    public void ready() {
        List<Integer> rings = Proc.ioUrings();
        List<Integer> workers = threads.kernelWorkers();
        if (!ioUring && !(rings.isEmpty() && workers.isEmpty())) {
            throw Refusals.of("Scope.PROCESS", Errno.NONE, "io_uring is in use (descriptors " + rings + ", kernel threads "
                    + workers + "), and a ring keeps the privileges it was made with; close it, or say allowIoUring()");
        }
        List<Integer> blocking = threads.blocking(PATIENCE);
        if (!blocking.isEmpty()) {
            throw Refusals.of("Scope.PROCESS", Errno.NONE, "these threads block signal 33, by which every thread is"
                    + " asked to change itself: " + named(blocking));
        }
    }

    @Override
    public List<ThreadStatus> read() {
        return listed(Proc.callingThread());
    }

    private List<ThreadStatus> listed(ThreadStatus self) {
        List<Integer> workers = threads.kernelWorkers();
        List<ThreadStatus> all = new ArrayList<>(List.of(self));
        threads.threads().stream().filter(tid -> tid != self.tid() && !workers.contains(tid))
                .forEach(tid -> Proc.task(tid).ifPresent(all::add));
        return all;
    }

    /** A thread that was listed before the others were asked, and that lives on, has been asked too. */
    @Override
    public List<ThreadStatus> observe() {
        List<ThreadStatus> told = listed(caller.self());
        Outcome outcome = threads.run(List.of(caller.numbers().prctl(PR_GET_SECUREBITS(), 0, 0)), deadline);
        requireComplete(outcome);
        List<ThreadStatus> observed = new ArrayList<>();
        for (ThreadStatus thread : told) {
            Answer answer = outcome.answers().get(thread.tid());
            if (answer != null) {
                observed.add(ScopeKernel.complete(thread, new SecureBits((int) answer.result())));
            } else if (Proc.task(thread.tid()).isPresent()) {
                throw Refusals.of("prctl(PR_GET_SECUREBITS)", Errno.NONE, "not asked: " + named(List.of(thread.tid())));
            }
        }
        return observed;
    }

    private void requireComplete(Outcome outcome) {
        List<Answer> failures = outcome.failures();
        if (!failures.isEmpty()) {
            throw Refusals.of("prctl(PR_GET_SECUREBITS)", new Errno(failures.getFirst().errno()),
                    "refused on " + named(failures.stream().map(Answer::tid).toList()));
        }
        if (!outcome.complete()) {
            throw Refusals.of("rt_tgsigqueueinfo()", Errno.NONE, unanswered(outcome));
        }
    }

    private String unanswered(Outcome outcome) {
        return outcome.silent().isEmpty() ? "threads appear faster than they could be asked within " + deadline
                : "no answer within " + deadline + " from " + named(outcome.silent());
    }

    @Override
    public List<Failure> run(List<Change> round) {
        if (round.getFirst().isIdentity()) {
            return CLibrary.run(round);
        }
        List<Program.Step> steps = Program.of(round, caller.numbers());
        Outcome outcome = threads.run(steps.stream().map(Program.Step::call).toList(), deadline);
        List<Failure> failures = new ArrayList<>();
        for (Answer answer : outcome.failures()) {
            Program.Step step = steps.get(answer.executed());
            failures.add(new Failure(answer.tid(), step.change(), step.syscall(), new Errno(answer.errno())));
        }
        if (failures.isEmpty() && !outcome.complete()) {
            int tid = outcome.silent().isEmpty() ? 0 : outcome.silent().getFirst();
            failures.add(new Failure(tid, round.getFirst(), "rt_tgsigqueueinfo()", Errno.NONE, unanswered(outcome)));
        }
        return failures;
    }

    private static String named(List<Integer> tids) {
        return tids.stream().map(tid -> tid + Proc.task(tid).map(thread -> " (" + thread.name() + ")").orElse(""))
                .collect(Collectors.joining(", "));
    }
}
