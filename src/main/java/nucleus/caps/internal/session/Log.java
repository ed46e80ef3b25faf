package nucleus.caps.internal.session;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Cause;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log of this library. A logging provider may create threads, and a thread that a restricted thread creates stays
 * restricted. Therefore a separate thread, created before any restriction, writes the log.
 */
public final class Log {

    /** Initialised on the log thread, in parallel with the first native call, which takes about as long. */
    private static final class Provider {
        static final Logger LOGGER = LogManager.getLogger("nucleus.caps");
    }

    private static final class Writer {
        static final ExecutorService THREAD =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "nucleus.caps log", 0, false);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private final Future<?> loaded;
    private final Future<?> greeted;

    /**
     * Starts two tasks, on a thread that the first instance creates.
     *
     * @throws CapsException if the thread cannot be created
     */
    public Log() {
        try {
            loaded = Writer.THREAD.submit(Preload::everything);
            greeted = Writer.THREAD.submit(() -> Provider.LOGGER.debug("ready"));
        } catch (OutOfMemoryError e) {
            throw Cause.ofStart(e);
        }
    }

    /**
     * Waits for the tasks that the constructor started. Afterwards nothing has to be loaded or created without privileges.
     *
     * @throws IllegalStateException if a class of this library cannot be loaded
     */
    public void ready() {
        await(loaded);
        if (loaded.state() == Future.State.FAILED) {
            throw new IllegalStateException(loaded.exceptionNow());
        }
        await(greeted);
    }

    public static void debug(String message, @Nullable Object about) {
        submit(() -> Provider.LOGGER.debug(message, about));
    }

    public static void warn(String message, Object about) {
        submit(() -> Provider.LOGGER.warn(message, about));
    }

    /** Logs that a phase is reached. Warns if a thread is still root. */
    public static void reached(Object phase, List<ThreadStatus> observed) {
        boolean root = false;
        for (ThreadStatus thread : observed) {
            root |= thread.isRoot();
        }
        if (root) {
            warn("{}: a uid, gid or group is still 0; it owns /proc/sys and /etc, and can regain every capability through"
                    + " them", phase);
        } else {
            submit(() -> Provider.LOGGER.info("{}", phase));
        }
    }

    private static void submit(Runnable message) {
        await(Writer.THREAD.submit(message));
    }

    private static void await(Future<?> done) {
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
