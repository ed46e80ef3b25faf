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
 * <p>Each thread gets a signal. The signal handler is machine code: it makes the calls, asks the questions and stores the
 * answers. {@link Round} proves that no thread is missed.
 */
public final class AllThreads {

    /** A lock for the whole JVM. All class loaders share the signal, and a string literal is the same object in all of them. */
    private static final Object ONE_AT_A_TIME = "nucleus.caps: one program at a time on all threads";

    /**
     * Room for answers: at least LEAST_ROOM, or fewer if they exceed LEAST_BYTES, and at least ROOM for each thread. The room
     * for each thread is rounded up, because a block is never unmapped and each larger room takes a new one.
     */
    private static final int LEAST_ROOM = 1 << 14;
    private static final int LEAST_BYTES = 1 << 26;
    private static final int ROOM = 8;

    private static @Nullable AllThreads instance;

    private final Machine machine;
    private final TaskDirectory directory;
    private final DescriptorTables tables;
    private final Signal signal;
    private final Tasks tasks;
    private final Unanswered unanswered = new Unanswered();
    /** The block for the next round. It is null after a round with a silent thread, which may still read that block. */
    private @Nullable ControlBlock spare;
    /** Whether the handler must stay installed. Without it, a signal that is pending on a silent thread ends the process. */
    private boolean stays;

    /** For {@link #prepare} and tests. A process has one instance; tests create another. */
    AllThreads(Machine machine) {
        this.machine = machine;
        directory = new TaskDirectory(machine);
        tables = new DescriptorTables(directory);
        signal = new Signal(machine, directory.pid());
        tasks = new LiveTasks(machine, directory, signal);
        tasks.stat(directory.pid()); // loads the class before the first round
    }

    /**
     * {@return the instance of this process, with all classes that it needs loaded and linked}
     *
     * @throws UnsupportedOperationException if there is no handler for this processor or C library
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
     * Runs a program on every thread. The calling thread runs it first. If its answer is accepted, the other threads follow.
     *
     * @param deadline for the whole run. The outcome names each thread that has not answered by then. Such a thread can
     *     finish the program later only if it has already begun it
     * @throws CapsException if the run cannot begin; no thread has then run anything
     */
    public Outcome run(Program program, Duration deadline, Predicate<Answer> accepted) {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException("the calling thread must be a platform thread; a virtual thread can change its"
                    + " carrier");
        }
        synchronized (ONE_AT_A_TIME) {
            ControlBlock block = block(program);
            Round round = new Round(tasks, block::take, block::overflowed,
                    TimeUnit.NANOSECONDS.convert(deadline), unanswered);
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
        int room = room(directory.list().entries().size(), bytes);
        if (spare == null || !spare.has(room, bytes)) {
            spare = new ControlBlock(machine, directory.pid(), room, bytes);
        }
        spare.load(program);
        return spare;
    }

    /** {@return a room for answers of that size; above the least room, a power of two} */
    static int room(int threads, int bytes) {
        int least = Math.min(LEAST_ROOM, LEAST_BYTES / bytes);
        int needed = ROOM * threads;
        return needed <= least ? least : Integer.highestOneBit(2 * needed - 1);
    }

    /**
     * {@return the status file of every living thread, proc_pid_status(5), by thread id}
     *
     * <p>The threads are listed, read and listed again, until a clean listing shows no new thread. Every thread that lives
     * at the end of that listing has then been read. A thread that ends before it is read hides nothing: the threads that
     * it created are in the next listing.
     *
     * @param deadline for the whole call
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
                    throw Errno.NONE.exception("read(/proc/self/task)", "threads start faster than they can be read");
                }
            }
        }
    }

    /** {@return the status files of those of these threads that still exist, by thread id} */
    public Map<Integer, String> statusFiles(List<Answer> of) {
        synchronized (ONE_AT_A_TIME) {
            Map<Integer, String> files = new LinkedHashMap<>();
            for (Answer answer : of) {
                directory.file(answer.tid() + "/status").ifPresent(text -> files.put(answer.tid(), text));
            }
            return files;
        }
    }

    /** {@return where the descriptor tables of these threads hold an io_uring descriptor} The calling thread is the first. */
    public Optional<String> rings(List<Integer> tids) {
        synchronized (ONE_AT_A_TIME) {
            return tables.rings(tids);
        }
    }

    /** {@return the thread id of the calling thread} */
    public int self() {
        synchronized (ONE_AT_A_TIME) {
            return tasks.self();
        }
    }
}
