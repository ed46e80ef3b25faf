package nucleus.caps.internal.session;

import java.util.List;
import java.util.function.Supplier;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.plan.Transition;
import org.jspecify.annotations.Nullable;

/** What the phases of one caller have in common: which threads, by which means, and whether it came to a bad end. */
public final class Session {

    /** One change at a time in this process, whoever asks. The JVM unlocks a monitor even where no stack is left to do so. */
    public static final Object LOCK = new Object();

    private final Kernel kernel;
    private final Scope scope;
    private final OwnerThread owner;
    private @Nullable CapsException torn;

    public Session(Kernel kernel, Scope scope, OwnerThread owner) {
        this.kernel = kernel;
        this.scope = scope;
        this.owner = owner;
    }

    public Scope scope() {
        return scope;
    }

    /**
     * Does what a caller asks for, one at a time, and nothing after the threads of the process were left different from one
     * another: then there is nothing that could still be relied upon.
     */
    public <T> T exclusively(Supplier<T> action) {
        Headroom.require();
        owner.check();
        synchronized (LOCK) {
            if (torn != null) {
                throw torn;
            }
            return action.get();
        }
    }

    /** {@return what /proc tells} What a step will need is linked now, on a thread like that of a step. */
    public List<ThreadStatus> begin() {
        if (scope == Scope.THREAD) {
            Transition.rehearse(kernel, scope);
            return kernel.read(scope);
        }
        return Scout.call(() -> {
            Transition.rehearse(kernel, scope);
            return kernel.read(scope);
        });
    }

    public List<ThreadStatus> perform(Target target) {
        try {
            return scope == Scope.THREAD ? Transition.perform(kernel, scope, target)
                    : Scout.call(() -> Transition.perform(kernel, scope, target));
        } catch (CapsException e) {
            if (scope == Scope.PROCESS && e.changed() && !alike(e.threads())) {
                torn = e;
            }
            throw e;
        }
    }

    /** No thread at all is known where the state could not be read. */
    private static boolean alike(List<ThreadStatus> threads) {
        return threads.stream().map(ThreadStatus::credentials).distinct().count() == 1;
    }

    /** Checks that what the target promises is still so. */
    public void confirm(Target target) {
        confirming(() -> Transition.confirm(kernel, scope, target));
    }

    /** Checks that everything is as it was read back last. */
    public void confirm(String step, List<ThreadStatus> last) {
        confirming(() -> Transition.confirm(kernel, scope, step, last));
    }

    private void confirming(Runnable check) {
        Scout.callFromVirtual(() -> {
            check.run();
            return null;
        });
    }
}
