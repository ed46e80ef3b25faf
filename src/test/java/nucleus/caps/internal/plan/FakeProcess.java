package nucleus.caps.internal.plan;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Denial;

/** Several threads under the model of the kernel. The first is the calling one, and each round has a scout born of it. */
public final class FakeProcess extends BareKernel {

    private static final int SCOUT = 99;

    private final Map<Integer, FakeKernel> threads = new TreeMap<>();
    private final List<Plan> rounds = new ArrayList<>();
    private final List<ThreadStatus> workers = new ArrayList<>();
    private final List<Thread> rehearsals = new ArrayList<>();
    private boolean twice;
    private Runnable beforeEachRound = () -> {};
    private CapsException notReady;
    private final List<String> said = new ArrayList<>();
    private VerificationException contradiction;
    private Predicate<Integer> silent = tid -> false;

    /** That many threads with that state; their ids are 1, 2, 3, … */
    public static FakeProcess of(ThreadStatus state, int count) {
        FakeProcess process = new FakeProcess();
        for (int tid = 1; tid <= count; tid++) {
            process.threads.put(tid, FakeKernel.of(new ThreadStatus(tid, "fake-" + tid, state.credentials())));
        }
        return process;
    }

    public FakeKernel thread(int tid) {
        return threads.get(tid);
    }

    public List<Plan> rounds() {
        return rounds;
    }

    /** The threads on which everything was linked. */
    public List<Thread> rehearsals() {
        return rehearsals;
    }

    /** Another thread, which was not there before. */
    public void born(int tid, Credentials credentials) {
        threads.put(tid, FakeKernel.of(new ThreadStatus(tid, "fake-" + tid, credentials)));
    }

    /** A thread of the kernel's own, which tells nothing and runs nothing. */
    public void worker(ThreadStatus status) {
        workers.add(status);
    }

    /** /proc contradicts what the threads tell after a round. */
    public FakeProcess contradicted(VerificationException reason) {
        contradiction = reason;
        return this;
    }

    /** As if every thread were born of one that had completed the round, and were asked again. */
    public FakeProcess runEachRoundTwice() {
        twice = true;
        return this;
    }

    public void beforeEachRound(Runnable action) {
        beforeEachRound = action;
    }

    /** That thread runs nothing and tells nothing when it is to change. */
    public FakeProcess silent(int tid) {
        silent = id -> id == tid;
        return this;
    }

    /** {@return how it was told to treat rings and silence} */
    public List<String> said() {
        return said;
    }

    public FakeProcess notReady(CapsException reason) {
        notReady = reason;
        return this;
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        if (notReady != null) {
            throw notReady;
        }
        return read(scope);
    }

    @Override
    public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
        beforeEachRound.run();
        rounds.add(plan);
        FakeKernel scout = threads.get(1).child(SCOUT);
        Optional<Failure> refused = scout.make(plan);
        if (!asked.test(scout.status().credentials())) {
            return new RoundResult(List.of(), Optional.of(scout.status()), refused.stream().toList(), List.of(),
                    Optional.empty());
        }
        List<ThreadStatus> after = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        List<Integer> unknown = threads.keySet().stream().filter(silent).toList();
        threads.forEach((tid, thread) -> {
            if (!silent.test(tid)) {
                Optional<Failure> failure = thread.make(plan);
                failure = twice ? thread.make(plan) : failure;
                after.add(thread.status());
                if (!asked.test(thread.status().credentials())) {
                    failure.ifPresent(failures::add);
                }
            }
        });
        if (contradiction != null) {
            return new RoundResult(after, Optional.empty(), failures, unknown, Optional.of(contradiction));
        }
        return new RoundResult(after, Optional.empty(), failures, unknown, unknown.stream().findFirst()
                .map(tid -> new CapsException("rt_tgsigqueueinfo()", 0, "", "no answer from " + tid, false, List.of())));
    }

    @Override
    public void rehearse(Scope scope) {
        rehearsals.add(Thread.currentThread()); // there is nothing to link
    }

    @Override
    public List<ThreadStatus> read(Scope scope) {
        return Stream.concat(threads.values().stream().map(FakeKernel::status), workers.stream()).toList();
    }

    @Override
    public void makeDumpable() {
        threads.get(1).makeDumpable();
    }

    @Override
    public void rehearse(Scope scope, Denial denial) {
        threads.get(1).rehearse(scope, denial);
    }

    @Override
    public void deny(Scope scope, Denial denial) {
        threads.get(1).deny(scope, denial);
    }

    @Override
    public boolean handOver(List<Path> trees, Identity user) {
        return threads.get(1).handOver(trees, user);
    }

    @Override
    public Kernel allowingIoUring() {
        said.add("allowing io_uring");
        return this;
    }

    @Override
    public Kernel answeringWithin(Duration deadline) {
        said.add("answering within " + deadline);
        return this;
    }
}
