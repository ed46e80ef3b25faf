package nucleus.caps.internal.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Access;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;

/** One thread under a model of the kernel, which can be told to refuse a call, or to answer 0 and do nothing. */
public final class FakeKernel extends BareKernel {

    private final FakeThread thread;
    private final List<String> trace = new ArrayList<>();
    private final List<Identity> asked = new ArrayList<>();
    private UserNamespace namespace = UserNamespace.INITIAL;
    private Predicate<String> refused = call -> false;
    private Predicate<String> ignored = call -> false;
    private int refusedAt = -1;
    private Runnable beforeEachCall = () -> {};
    private boolean blind;
    private int rehearsals;

    private FakeKernel(FakeThread thread) {
        this.thread = thread;
    }

    /** A thread of a JVM started as root where all capabilities but CAP_SYS_RESOURCE are to be had. */
    public static FakeKernel root() {
        return of(FakeThread.root());
    }

    /** A thread in that state. */
    public static FakeKernel of(ThreadStatus status) {
        return new FakeKernel(new FakeThread(status));
    }

    public ThreadStatus status() {
        return thread.status();
    }

    /** Changes the thread behind the library's back. */
    public void drift(ThreadStatus status) {
        thread.become(status);
    }

    /** Every call with its arguments, in order, those that were refused included. */
    public List<String> trace() {
        return List.copyOf(trace);
    }

    /** How often everything was linked. */
    public int rehearsals() {
        return rehearsals;
    }

    public FakeKernel in(UserNamespace other) {
        namespace = other;
        thread.enter(other);
        return this;
    }

    /** The call with that number, counted from 0, answers EPERM; those after it are served. */
    public FakeKernel refuseAt(int call) {
        refusedAt = call;
        return this;
    }

    /** Every such call answers EPERM. */
    public FakeKernel refuse(Predicate<String> calls) {
        refused = calls;
        return this;
    }

    /** Every such call answers 0 and does nothing. */
    public FakeKernel ignore(Predicate<String> calls) {
        ignored = calls;
        return this;
    }

    /** From now on nothing can be read. */
    public void blind() {
        blind = true;
    }

    public void beforeEachCall(Runnable action) {
        beforeEachCall = action;
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        if (blind) {
            throw new CapsException("read(status)", 5, "EIO", "cannot be read", false, List.of());
        }
        return List.of(thread.status());
    }

    @Override
    public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
        Optional<Failure> failure = make(plan);
        try {
            ThreadStatus now = observe(scope).getFirst();
            return new RoundResult(List.of(now), Optional.empty(), asked.test(now.credentials()) ? List.of()
                    : failure.stream().toList(), List.of(), Optional.empty());
        } catch (CapsException e) {
            return new RoundResult(List.of(), Optional.empty(), failure.stream().toList(), List.of(1), Optional.of(e));
        }
    }

    /** Runs a plan as a thread does. */
    Optional<Failure> make(Plan plan) {
        return new FakeProgram(thread, this::call).make(plan);
    }

    /** Another thread, born of this one. */
    FakeKernel child(int tid) {
        ThreadStatus now = status();
        FakeKernel child = of(new ThreadStatus(tid, now.name(), now.credentials())).in(namespace);
        child.refused = refused;
        child.ignored = ignored;
        child.refusedAt = refusedAt;
        return child;
    }

    private Optional<Failure> call(Change change, String syscall, IntSupplier action) {
        beforeEachCall.run();
        boolean refuse = trace.size() == refusedAt || refused.test(syscall);
        trace.add(syscall);
        int errno = refuse ? Errno.EPERM.number() : ignored.test(syscall) ? 0 : action.getAsInt();
        return errno == 0 ? Optional.empty()
                : Optional.of(new Failure(thread.status().tid(), change, syscall, new Errno(errno)));
    }

    @Override
    public void rehearse(Scope scope) {
        rehearsals++; // there is nothing to link
    }

    @Override
    public void makeDumpable() {
        attempt("prctl(PR_SET_DUMPABLE, 1)");
    }

    private void attempt(String call) {
        trace.add(call);
        if (refused.test(call)) {
            throw Errno.EPERM.exception(call);
        }
    }

    @Override
    public void rehearse(Scope scope, Denial denial) {
        attempt("try " + denial);
    }

    @Override
    public void deny(Scope scope, Denial denial) {
        attempt("deny " + denial);
    }

    /** The users for whom access to files was requested. */
    public List<Identity> asked() {
        return asked;
    }

    @Override
    public Access access(Identity user) {
        asked.add(user);
        return super.access(user);
    }

    @Override
    public boolean handOver(List<Path> trees, Identity user) {
        String call = "handOver(" + trees + ", " + user + ")";
        trace.add(call);
        if (refused.test(call)) {
            throw new CapsException(call, 1, "EPERM", "refused", false, List.of());
        }
        return !ignored.test(call);
    }

    @Override
    public UserNamespace userNamespace() {
        return namespace;
    }
}
