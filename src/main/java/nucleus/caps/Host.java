package nucleus.caps;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/** Where changes are made from: a platform thread. A virtual thread borrows one for the length of a call. */
final class Host {

    private Host() {
    }

    static <T> T call(Supplier<T> action) {
        if (!Thread.currentThread().isVirtual()) {
            return action.get();
        }
        FutureTask<T> task = new FutureTask<>(action::get);
        Thread.ofPlatform().name("nucleus.caps").start(task);
        return join(task);
    }

    /** What was begun is waited for, interrupted or not: half a change is none that could be reported. */
    private static <T> T join(FutureTask<T> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException thrown(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
    }
}
