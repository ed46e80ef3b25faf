package nucleus.caps.internal.session;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import nucleus.caps.Advice;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.plan.Confirmation;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.plan.Transition;
import nucleus.caps.internal.sys.ChangeLock;
import nucleus.caps.internal.sys.Denial;
import org.jspecify.annotations.Nullable;

/** The common state of one caller's phases: the scope, the kernel, the owner, and a failure that left the process torn. */
public final class Session {

    private final Kernel kernel;
    private final Scope scope;
    private final OwnerThread owner;
    private final boolean dumpable;
    private final Denial denial;
    private final StepAdvice advice;
    private List<ThreadStatus> began = List.of();
    private long nanos; // in steps
    private @Nullable CapsException torn;
    /** The step that failed halfway. Its end is that of the state in which it began. */
    private @Nullable Target halfway;

    /**
     * A session without a failure.
     *
     * @param dumpable whether the process is dumpable after a step that switches the identity
     * @param denial what a seccomp filter refuses after the last step
     */
    public Session(Kernel kernel, Scope scope, OwnerThread owner, boolean dumpable, Denial denial) {
        this.kernel = kernel;
        this.scope = scope;
        this.owner = owner;
        this.dumpable = dumpable;
        this.denial = denial;
        advice = new StepAdvice(kernel, scope);
    }

    public Scope scope() {
        return scope;
    }

    /**
     * Runs one action at a time. Once a failure has left the threads of the process different from each other, it runs no
     * action and throws that failure: the state is not reliable any more.
     */
    public <T> T exclusively(Supplier<T> action) {
        Headroom.require();
        owner.check();
        synchronized (ChangeLock.LOCK) {
            if (torn != null) {
                throw torn;
            }
            return action.get();
        }
    }

    /** {@return the state in /proc} Also links the code that a step needs, on the same kind of thread as a step. */
    public List<ThreadStatus> begin() {
        began = scope == Scope.THREAD ? rehearsed() : Scout.call(this::rehearsed);
        return began;
    }

    private List<ThreadStatus> rehearsed() {
        Transition.rehearse(kernel, scope);
        return kernel.read(scope);
    }

    /** {@return what will fail in this process after a switch to that identity} */
    public List<Advice> advise(Identity identity, List<Path> handedOver) {
        return advice.of(identity, handedOver);
    }

    public Denial denial() {
        return denial;
    }

    /**
     * Performs a step, and what the options of the caller add to it.
     *
     * @param last whether it is the last step
     */
    public List<ThreadStatus> perform(Target target, boolean last) {
        Log.open();
        Flight flight = Flight.of(scope, target.method());
        try {
            List<ThreadStatus> after = perform(target, last, flight);
            flight.succeeded(after);
            return after;
        } catch (RuntimeException | Error e) {
            flight.failed(e);
            throw e;
        }
    }

    private List<ThreadStatus> perform(Target target, boolean last, Flight flight) {
        boolean denies = last && !denial.equals(Denial.NONE);
        if (denies) {
            kernel.rehearse(scope, denial);
        }
        long start = System.nanoTime();
        List<ThreadStatus> after = changed(target, flight);
        if (dumpable && target.switchesIdentity()) {
            afterwards(kernel::makeDumpable, after);
        }
        if (denies) {
            afterwards(() -> kernel.deny(scope, denial), after);
        }
        nanos += System.nanoTime() - start;
        return after;
    }

    /**
     * Logs an end.
     *
     * @param how the past participle of the step
     * @param held the capabilities that are left
     */
    public void ended(String how, String held, List<ThreadStatus> after) {
        Summary.log(how, held, began.getFirst(), after, nanos);
    }

    public static Identity identity(ThreadStatus thread) {
        return new Identity(thread.uids().effective(), thread.gids().effective(), thread.groups());
    }

    /** An exception says that something has changed: every thread has made the step before. */
    private static void afterwards(Runnable change, List<ThreadStatus> after) {
        try {
            change.run();
        } catch (VerificationException e) {
            throw new VerificationException(e.syscall(), e.differences(), true, after);
        } catch (CapsException e) {
            CapsException switched = new CapsException(e.syscall(), e.errno(), e.errnoName(), e.rule(), true, after);
            switched.initCause(e);
            throw switched;
        }
    }

    private List<ThreadStatus> changed(Target target, Flight flight) {
        boolean dumpable = kernel.dumpable();
        try {
            return scope == Scope.THREAD ? lead(target, flight) : Scout.call(() -> lead(target, flight));
        } catch (CapsException e) {
            if (scope == Scope.PROCESS && dumpable && !e.changed()) {
                restoreDumpable(e);
            }
            if (scope == Scope.PROCESS && e.changed() && !alike(e.threads())) {
                torn = e;
            }
            throw e;
        }
    }

    /**
     * A trial that changed the uid of the scout made the process not dumpable, proc(5). A user can trace a dumpable process
     * that has a thread of that user, so the process stays not dumpable if /proc still shows a thread that differs.
     */
    private void restoreDumpable(CapsException refusal) {
        try {
            if (kernel.dumpable()) {
                return;
            }
            if (alike(kernel.read(scope))) {
                kernel.makeDumpable();
            } else {
                refusal.addSuppressed(new IllegalStateException(
                        "the process stays not dumpable, because the credentials of its threads differ"));
            }
        } catch (CapsException e) {
            refusal.addSuppressed(e);
        }
    }

    /** Repeats a step that failed halfway from where it began: it may have raised capabilities that were not effective. */
    private List<ThreadStatus> lead(Target target, Flight flight) {
        Transition transition = Transition.to(kernel, scope, halfway != null && halfway.equals(target) ? halfway : target);
        flight.from(transition.before());
        try {
            return transition.perform(() -> advice.log(target));
        } catch (CapsException e) {
            halfway = e.changed() ? transition.begun() : halfway;
            throw e;
        }
    }

    /** {@return whether all threads have equal credentials} False if the list is empty because the state is unknown. */
    private static boolean alike(List<ThreadStatus> threads) {
        return threads.stream().map(ThreadStatus::credentials).distinct().count() == 1;
    }

    /** Checks that every thread is still at the end of the target. */
    public void confirm(Target target) {
        confirming(() -> Confirmation.atEnd(kernel, scope, target));
    }

    /** Checks that every thread still holds the credentials that were read back last. */
    public void confirm(String step, List<ThreadStatus> last) {
        confirming(() -> Confirmation.unchanged(kernel, scope, step, last));
    }

    private void confirming(Runnable check) {
        Scout.callFromVirtual(() -> {
            check.run();
            return null;
        });
    }
}
