package nucleus.caps;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.recipe.Recipe;
import nucleus.caps.internal.recipe.Transition;

/** What the phases of one caller have in common: which threads, by which means, and whether it came to a bad end. */
final class Chain {

    /** One change at a time in this process, whoever asks. */
    static final ReentrantLock LOCK = new ReentrantLock();

    private final Kernel kernel;
    private final Scope scope;
    private final Confinement confinement;
    private final Log log;
    private CapsException torn;

    Chain(Kernel kernel, Scope scope, Confinement confinement, Log log) {
        this.kernel = kernel;
        this.scope = scope;
        this.confinement = confinement;
        this.log = log;
    }

    /** The same, with a kernel that is used differently. */
    Chain with(Kernel other) {
        return new Chain(other, scope, confinement, log);
    }

    Kernel kernel() {
        return kernel;
    }

    Scope scope() {
        return scope;
    }

    Log log() {
        return log;
    }

    /**
     * Lets one caller at a time go on, and none after the threads of the process were left different from one another:
     * then there is nothing that could still be relied upon.
     */
    void enter() {
        confinement.check();
        LOCK.lock();
        if (torn != null) {
            LOCK.unlock();
            throw torn;
        }
    }

    void leave() {
        LOCK.unlock();
    }

    List<ThreadStatus> read() {
        return Host.call(() -> kernel.read(scope));
    }

    List<ThreadStatus> perform(List<Recipe> recipes) {
        if (recipes.isEmpty()) {
            return read();
        }
        try {
            return Host.call(() -> Transition.perform(kernel, scope, recipes));
        } catch (CapsException e) {
            if (scope == Scope.PROCESS && e.changed() && !alike(e.threads())) {
                torn = e;
            }
            throw e;
        }
    }

    /** No thread at all is known where the state could not be read. */
    private static boolean alike(List<ThreadStatus> threads) {
        return threads.stream().map(thread -> List.of(thread.sets(), thread.noNewPrivs(), thread.uids(),
                thread.gids(), thread.groups(), thread.secureBits())).distinct().count() == 1;
    }

    /** Checks that what those recipes promise is still so. */
    void confirm(List<Recipe> recipes) {
        if (!recipes.isEmpty()) {
            Host.call(() -> Transition.confirm(kernel, scope, recipes));
        }
    }

    /** Checks that everything is as it was read back last. */
    void confirm(String step, List<ThreadStatus> last) {
        Host.call(() -> Transition.confirm(kernel, scope, step, last));
    }

    /** Checks that everything is as it was read back last; an option costs no round. */
    void confirm(String step, List<Recipe> recipes, List<ThreadStatus> last) {
        if (scope == Scope.THREAD || !recipes.isEmpty()) {
            confirm(step, last);
        }
    }
}
