package nucleus.caps.internal.threads;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Runs programs of bare system calls on every thread of this process, one program at a time.
 *
 * <p>Each thread is sent a signal; its handler, some machine code, makes the calls, asks the questions and writes down the
 * answers. {@link Round} says why no thread is missed.
 */
public final class AllThreads {

    /** A literal is the same object for all class loaders of the JVM: they share the signal, if nothing else. */
    private static final Object ONE_AT_A_TIME = "nucleus.caps: one program at a time on all threads";

    /** Answers that there is room for: at least this many, and this many for each thread. */
    private static final int LEAST_ROOM = 1 << 14;
    private static final int LEAST_BYTES = 1 << 26;
    private static final int ROOM = 8;

    private static @Nullable AllThreads instance;

    private final Machine machine;
    private final TaskDirectory directory;
    private final Signal signal;
    private final Tasks tasks;
    /** For the next round, or null: a thread that stayed silent may still read the last one. */
    private @Nullable ControlBlock spare;
    /** Whether our handler must stay. Without it a signal that is pending on a silent thread ends the process. */
    private boolean stays;

    /** There is to be one alone; tests make another. */
    AllThreads(Machine machine) {
        this.machine = machine;
        directory = new TaskDirectory(machine);
        signal = new Signal(machine, directory.pid());
        tasks = new LiveTasks(machine, directory, signal);
        tasks.stat(directory.pid()); // loads the class now, and not in a round
    }

    /**
     * {@return the one of this process, with all that it needs loaded and linked}
     *
     * @throws UnsupportedOperationException where there is no handler for this processor or C library
     * @throws CapsException if the system does not allow it
     */
    public static AllThreads prepare() {
        synchronized (ONE_AT_A_TIME) {
            if (instance == null) {
                instance = new AllThreads(machine());
            }
            return instance;
        }
    }

    private static Machine machine() {
        Processor processor = Processor.of(System.getProperty("os.arch"));
        LibC.require();
        return new Machine(processor);
    }

    /**
     * Runs a program on every thread: on the calling one first, and if its answer is accepted, on the others.
     *
     * @param deadline for the whole of it. A thread that has not answered then is named; it may run the program later
     *     only if it had begun
     * @throws CapsException if it could not begin: no thread has run anything then
     */
    public Outcome run(Program program, Duration deadline, Predicate<Answer> accepted) {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException("a virtual thread can be on one carrier now and on another later: the"
                    + " calling thread must be a platform thread");
        }
        synchronized (ONE_AT_A_TIME) {
            ControlBlock block = block(program);
            Round round = new Round(tasks, block::take, block::overflowed,
                    TimeUnit.NANOSECONDS.convert(deadline));
            signal.install(block);
            try {
                return round.run(accepted);
            } finally {
                signal.disarm();
                if (!round.awaitsNobody()) {
                    spare = null;
                    stays = true;
                }
                if (!stays) {
                    stays = !signal.restore();
                }
            }
        }
    }

    private ControlBlock block(Program program) {
        int bytes = ControlBlock.stride(program);
        int room = Math.max(Math.min(LEAST_ROOM, LEAST_BYTES / bytes), ROOM * directory.list().entries().size());
        if (spare == null || !spare.has(room, bytes)) {
            spare = new ControlBlock(machine, directory.pid(), room, bytes);
        }
        spare.load(program);
        return spare;
    }

    /**
     * {@return the status file of every thread that is alive, proc_pid_status(5), by its id}
     *
     * <p>Every thread that lives at the end of a clean listing has been read before: the threads are listed, read and listed
     * again, until a listing shows nobody new. A thread that is gone when it is read has hidden nothing: whoever it created
     * is in the next listing.
     *
     * @param deadline for the whole of it
     * @throws CapsException if threads appear faster than they can be read
     */
    public Map<Integer, String> statusFiles(Duration deadline) {
        synchronized (ONE_AT_A_TIME) {
            long began = System.nanoTime();
            long patience = TimeUnit.NANOSECONDS.convert(deadline);
            Map<Integer, Long> read = new LinkedHashMap<>();
            Map<Integer, String> files = new LinkedHashMap<>();
            while (true) {
                TaskListing listing = directory.list();
                boolean complete = listing.clean();
                for (TaskListing.Entry entry : listing.entries()) {
                    Long inode = read.put(entry.tid(), entry.inode());
                    if (inode == null || inode != entry.inode()) {
                        complete = false;
                        Optional<String> file = directory.file(entry.tid() + "/status");
                        files.remove(entry.tid());
                        file.ifPresent(text -> files.put(entry.tid(), text));
                    }
                }
                if (complete) {
                    files.keySet().removeIf(tid -> !listing.contains(tid));
                    return files;
                }
                if (System.nanoTime() - began > patience) {
                    throw Errno.NONE.exception("read(/proc/self/task)", "threads appear faster than they can be read");
                }
            }
        }
    }

    /** {@return the status files of these threads, but of those that are gone} */
    public Map<Integer, String> statusFiles(List<Answer> of) {
        synchronized (ONE_AT_A_TIME) {
            Map<Integer, String> files = new LinkedHashMap<>();
            for (Answer answer : of) {
                directory.file(answer.tid() + "/status").ifPresent(text -> files.put(answer.tid(), text));
            }
            return files;
        }
    }

    /** {@return a new descriptor by which {@link #rings} tells which threads share a table of descriptors} */
    public int mark() {
        synchronized (ONE_AT_A_TIME) {
            return directory.mark(tasks.self());
        }
    }

    public void close(int descriptor) {
        synchronized (ONE_AT_A_TIME) {
            directory.close(descriptor);
        }
    }

    /** {@return the rings of io_uring in the table of descriptors of that thread} */
    public List<Integer> rings(int tid) {
        synchronized (ONE_AT_A_TIME) {
            return directory.rings(tid);
        }
    }

    /** {@return the calling thread} */
    public int self() {
        synchronized (ONE_AT_A_TIME) {
            return tasks.self();
        }
    }
}
