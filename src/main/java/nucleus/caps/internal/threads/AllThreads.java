package nucleus.caps.internal.threads;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;

/**
 * Runs programs of bare system calls on every thread of this process, one program at a time.
 *
 * <p>Each thread is sent a signal; its handler, some machine code, makes the calls and writes down what came of them.
 * Whether a thread can be reached is known only when it has answered, so a program that changes nothing comes first.
 */
public final class AllThreads {

    /** A literal is the same object for all class loaders of the JVM: they share the signal, if nothing else. */
    private static final Object ONE_AT_A_TIME = "nucleus.caps: one program at a time on all threads";

    private static final int CLEAN_LISTING_ATTEMPTS = 1_000;
    private static final long LOOK_AGAIN = 1_000_000;
    private static final Duration WARM_UP = Duration.ofSeconds(1);

    private static AllThreads instance;

    private final Machine machine;
    private final TaskDirectory directory;
    private final Signal signal;
    private final Tasks tasks;
    /** For the next round, or null: a thread that stayed silent may still read the last one. */
    private ControlBlock spare;
    /** Whether our handler must stay: a signal that is pending on a silent thread would else end the process. */
    private boolean stays;

    /** There is to be one alone; tests make another. */
    AllThreads() {
        Processor processor = Processor.of(System.getProperty("os.arch"));
        requireGlibc(Linker.nativeLinker().defaultLookup());
        machine = new Machine(processor);
        directory = new TaskDirectory(machine);
        signal = new Signal(machine, directory.pid());
        tasks = new LiveTasks(machine, directory, signal);
        warmUp();
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
                instance = new AllThreads();
            }
            return instance;
        }
    }

    static void requireGlibc(SymbolLookup libc) {
        if (libc.find("gnu_get_libc_version").isEmpty()) {
            throw new UnsupportedOperationException("every thread of a process can be reached with glibc, whose signal "
                    + Signal.NUMBER + " this uses; the C library here is another, musl perhaps");
        }
    }

    /** The calling thread makes a call that does not exist, so no other is asked; that part is then rehearsed. */
    private void warmUp() {
        Outcome outcome = run(List.of(Call.of(-1, 0).with(MemorySegment.ofArray(new byte[1]))), WARM_UP);
        if (!outcome.silent().isEmpty()) {
            throw Refusals.of("rt_tgsigqueueinfo(" + outcome.silent() + ")", 0, "the calling thread blocks signal "
                    + Signal.NUMBER);
        }
        Rehearsal rehearsal = new Rehearsal(tasks);
        new Round(rehearsal, rehearsal::arriving, WARM_UP.toNanos()).run();
        blocking(Duration.ZERO);
        tasks.stat(tasks.self()); // else first done where a thread is silent
        Refusals.afterChange(Refusals.of("", 0, ""));
    }

    /**
     * Runs a program on every thread: on the calling one first, and if all calls succeed there, on the others. Each
     * stops at its first error. Threads that are created meanwhile are asked as well, so that at the end every thread
     * has answered, or was created by one that had.
     *
     * @param deadline for the whole of it. A thread that has not answered then is named; it may run the program later
     *     only if it had begun
     * @throws CapsException if it could not begin, or (and then it says that something has changed) not be ended
     */
    public Outcome run(List<Call> program, Duration deadline) {
        if (Thread.currentThread().isVirtual()) {
            throw new WrongThreadException("a virtual thread can be on one carrier now and on another later: the"
                    + " calling thread must be a platform thread");
        }
        synchronized (ONE_AT_A_TIME) {
            ControlBlock block = spare == null ? new ControlBlock(machine, directory.pid()) : spare;
            block.load(program);
            spare = block;
            Round round = new Round(tasks, block::take, deadline.toNanos());
            signal.install(block);
            try {
                return round.run();
            } finally {
                signal.disarm();
                if (!round.awaitsNobody()) {
                    spare = null;
                    stays = true;
                }
                if (!stays) {
                    signal.restore();
                }
            }
        }
    }

    private Listing cleanListing() {
        for (int i = 0; i < CLEAN_LISTING_ATTEMPTS; i++) {
            Listing listing = directory.list();
            if (listing.clean()) {
                return listing;
            }
        }
        throw Refusals.of("getdents64(/proc/self/task)", 0, "threads end so fast that no listing was whole");
    }

    /**
     * {@return the threads that block the signal, and would never answer}
     *
     * @param patience for how long they are looked at: to block it for a moment is no fault
     */
    public List<Integer> blocking(Duration patience) {
        synchronized (ONE_AT_A_TIME) {
            long began = System.nanoTime();
            List<Integer> blocking = blockingNow();
            while (!blocking.isEmpty() && System.nanoTime() - began < patience.toNanos()) {
                tasks.pause(LOOK_AGAIN);
                blocking.retainAll(blockingNow());
            }
            return blocking;
        }
    }

    private List<Integer> blockingNow() {
        List<Integer> blocking = new ArrayList<>();
        for (Told thread : told()) {
            if (thread.blocks()) {
                blocking.add(thread.tid());
            }
        }
        return blocking;
    }

    /** {@return what the kernel tells of every thread, in its order; a leader that has ended is among them} */
    public List<Told> told() {
        synchronized (ONE_AT_A_TIME) {
            List<Told> told = new ArrayList<>();
            for (Listing.Entry entry : cleanListing().entries()) {
                Optional<String> status = directory.file(entry.tid() + "/status");
                if (status.isPresent()) {
                    told.add(Told.of(entry.tid(), status.get(), tasks));
                }
            }
            return told;
        }
    }
}
