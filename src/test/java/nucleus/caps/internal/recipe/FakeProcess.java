package nucleus.caps.internal.recipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.Ran;
import nucleus.caps.internal.kernel.UserNamespace;

/** Several threads under the model of the kernel. The first is the calling one. */
public final class FakeProcess implements Kernel {

    private final Map<Integer, FakeKernel> threads = new TreeMap<>();
    private final List<List<Change>> rounds = new ArrayList<>();
    private boolean twice;
    private Runnable beforeEachRound = () -> { };
    private CapsException notReady;
    private int leftOut;
    private int looks;

    /** That many threads with that state; their ids are 1, 2, 3, … */
    public static FakeProcess of(ThreadStatus state, int count) {
        FakeProcess process = new FakeProcess();
        for (int tid = 1; tid <= count; tid++) {
            process.threads.put(tid, FakeKernel.of(new ThreadStatus(tid, "fake-" + tid, state.sets(),
                    state.noNewPrivs(), state.uids(), state.gids(), state.groups(), state.secureBits())));
        }
        return process;
    }

    public FakeKernel thread(int tid) {
        return threads.get(tid);
    }

    public List<List<Change>> rounds() {
        return rounds;
    }

    /** As if every thread but the calling one were born of one that had completed the round, and were asked again. */
    public FakeProcess runEachRoundTwice() {
        twice = true;
        return this;
    }

    public void beforeEachRound(Runnable action) {
        beforeEachRound = action;
    }

    /** The C library changes no identity of that thread, which is seen that often afterwards, and then gone. */
    public FakeProcess leavesOut(int tid, int times) {
        leftOut = tid;
        looks = times;
        return this;
    }

    public FakeProcess notReady(CapsException reason) {
        notReady = reason;
        return this;
    }

    @Override
    public void ready(Scope scope) {
        if (notReady != null) {
            throw notReady;
        }
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        List<ThreadStatus> seen = threads.values().stream().map(FakeKernel::status).toList();
        boolean differs = seen.stream().map(ThreadStatus::uids).distinct().count() > 1;
        if (differs && --looks == 0) {
            threads.remove(leftOut);
        }
        return seen;
    }

    @Override
    public Ran run(Scope scope, List<Change> round) {
        return new FakeRan(make(round), () -> observe(scope));
    }

    private List<Failure> make(List<Change> round) {
        beforeEachRound.run();
        rounds.add(round);
        List<Failure> failures = new ArrayList<>();
        for (FakeKernel thread : threads.values()) {
            if (thread == threads.get(leftOut) && round.getFirst().isIdentity()) {
                continue;
            }
            failures.addAll(thread.make(round));
            if (twice && thread != threads.get(1) && failures.isEmpty() && !round.getFirst().isIdentity()) {
                failures.addAll(thread.make(round));
            }
            if (!failures.isEmpty() && thread == threads.get(1)) {
                return failures; // what the caller is refused touches no other
            }
        }
        if (!failures.isEmpty() && round.getFirst().isIdentity()) {
            throw new AssertionError("glibc would have aborted the process");
        }
        return failures;
    }

    @Override
    public List<ThreadStatus> read(Scope scope) {
        return observe(scope);
    }

    @Override
    public Kernel allowingIoUring() {
        return this;
    }

    @Override
    public Kernel answeringWithin(Duration deadline) {
        return this;
    }

    @Override
    public UserNamespace userNamespace() {
        return UserNamespace.INITIAL;
    }

    @Override
    public CapabilitySet supported() {
        return CapabilitySet.ALL;
    }
}
