package nucleus.caps;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Says what was reached. A logging provider may create threads, and a thread created by a restricted one is restricted
 * for good; so what concerns a restricted thread is said by another, which was created before.
 */
final class Log {

    private static final Logger LOGGER = LogManager.getLogger("nucleus.caps");

    private static final class Speaker {
        static final ExecutorService THREAD = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(null, task, "nucleus.caps log", 0, false);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Initialises logging now: nothing is left to be loaded or created once privileges are gone. */
    Log() {
        submit(() -> LOGGER.debug("ready"));
    }

    void reached(Phase phase) {
        switch (phase) {
            case Phase.Initial _ -> { }
            case Phase.BoundingDropped p -> submit(() -> LOGGER.debug("bounding set dropped: {}", p));
            case Phase.IdentitySwitched p -> said(p);
            case Phase.Dropped p -> said(p);
        }
    }

    static void debug(String message, Object about) {
        submit(() -> LOGGER.debug(message, about));
    }

    static void warn(String message, Object about) {
        submit(() -> LOGGER.warn(message, about));
    }

    private static void said(Phase phase) {
        if (phase.observed().stream().anyMatch(ThreadStatus::isRoot)) {
            warn("{}: still uid, gid or group 0, which is root without any capability: it owns /proc/sys and /etc, and"
                    + " can get everything back through them", phase);
        } else {
            submit(() -> LOGGER.info("{}", phase));
        }
    }

    private static void submit(Runnable said) {
        Future<?> done = Speaker.THREAD.submit(said);
        boolean interrupted = false;
        while (!done.isDone()) {
            try {
                done.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break; // a logging provider that fails does not undo a drop
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
