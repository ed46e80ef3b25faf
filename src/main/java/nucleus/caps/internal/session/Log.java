package nucleus.caps.internal.session;

import java.lang.System.Logger.Level;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Cause;
import org.jspecify.annotations.Nullable;

/**
 * The log of this library. A logger may create threads, and a thread that a restricted thread creates stays restricted.
 * Therefore a separate thread, created before any restriction, writes the log.
 */
public final class Log {

    /** Chosen on the log thread, before a change or at the first message. */
    private static volatile @Nullable Sink chosen;

    private static final class Writer {
        static final ExecutorService THREAD =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "nucleus.caps log", 0, false);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** A drop waits this long for the logger of the application, in nanoseconds. */
    private static final long PATIENCE = 5_000_000_000L;

    private final Future<?> loaded;

    /**
     * Starts to load classes, on a thread that the first instance creates.
     *
     * @throws CapsException if the thread cannot be created
     */
    public Log() {
        try {
            loaded = Writer.THREAD.submit(Preload::everything);
        } catch (OutOfMemoryError e) {
            throw Cause.ofStart(e);
        }
    }

    /**
     * Waits for the task that the constructor started. Afterwards no class of this library has to be loaded without
     * privileges.
     *
     * @throws IllegalStateException if a class of this library cannot be loaded
     */
    public void ready() {
        await(loaded, Long.MAX_VALUE);
        if (loaded.state() == Future.State.FAILED) {
            throw new IllegalStateException(loaded.exceptionNow());
        }
    }

    /** Initialises the logger of the application, and the event of a step. After a change, their files may be out of reach. */
    public static void open() {
        if (chosen == null) {
            await(Writer.THREAD.submit(Log::sink), PATIENCE);
        }
        if (Flight.mustLoad()) {
            await(Writer.THREAD.submit(Flight::load), PATIENCE); // an event that cannot be loaded is not written
        }
    }

    private static Sink sink() {
        Sink sink = chosen;
        if (sink == null) {
            sink = Sink.choose();
            chosen = sink;
        }
        return sink;
    }

    public static void debug(String message) {
        write(Level.DEBUG, message);
    }

    public static void info(String message) {
        write(Level.INFO, message);
    }

    public static void warn(String message) {
        write(Level.WARNING, message);
    }

    /** {@return whether it is certain that no message of that level is written} It never is for a logger of the application. */
    static boolean omits(Level level) {
        Sink sink = chosen;
        return sink != null && sink.omits(level);
    }

    private static void write(Level level, String message) {
        if (!omits(level)) {
            await(Writer.THREAD.submit(() -> sink().log(level, message)), PATIENCE);
        }
    }

    /** A logger may need what the calling thread holds, for example a monitor. The line is then written later. */
    private static void await(Future<?> done, long nanos) {
        boolean interrupted = false;
        long start = System.nanoTime();
        while (!done.isDone() && System.nanoTime() - start < nanos) {
            try {
                done.get(nanos, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException | TimeoutException e) {
                break; // a logger that fails does not undo a drop
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
