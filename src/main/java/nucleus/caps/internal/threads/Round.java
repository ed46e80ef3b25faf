package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import org.jspecify.annotations.Nullable;

/**
 * Makes every thread of the process run a program and report its state. The calling thread runs it first. If its answer is
 * accepted, all other threads follow. The round is settled only when <b>the invariant</b> holds: each living thread has
 * itself answered after its last change, or was created by a thread for which this already held.
 *
 * <p><b>Proof.</b> Each step names the tests that fail if the step is broken.
 * <ol>
 * <li>An answer belongs to one thread. Each signal carries a number, and the handler copies that number into its answer. The
 * kernel delivers a signal for one thread to no other thread. The answer therefore comes from the thread that had the id
 * when the signal was sent (RecycledIdsTest: keepsAskingWhenAStaleAnswerOfARecycledIdArrives,
 * ignoresAnAnswerToAnUnknownAsk). The answer is the state after the thread's last change, because the questions are the end
 * of the program (HandlerInCTest, ProgramsTest).</li>
 * <li>An id and the inode of its directory identify a listed thread. A thread that gets the id of an ended thread gets a new
 * directory, and counts as new, however soon it appears (asksAgainWhenAnIdIsRecycled,
 * asksAgainWhenAnIdIsRecycledBeforeItAnswers). If the kernel recreates the directory of a living thread, that thread is
 * asked twice, which is harmless (asksAgainWhenTheDirectoryOfALivingThreadIsNew).</li>
 * <li>A clean listing contains every thread that is alive when the listing ends: {@link TaskDirectory#list} says why
 * (TaskDirectoryTest: isNotCleanWhen…).</li>
 * <li>A clean listing settles the round if it shows only threads that answered before it began and threads that run nothing:
 * ended leaders, which stay as zombies, and kernel workers, which are reported (settlesOnACleanListingOnly,
 * doesNotSettleOnTheListingThatShowsAStranger, ZombieLeaderTest, KernelWorkerTest). Let E be the moment at which that
 * listing ends. By 3, every thread that lives at E is in the listing. By 1 and 2, each of them has answered.</li>
 * <li>The creator of a thread that is created after E lives at E or was itself created after E. By induction, the first
 * ancestor that lives at E has answered. clone(2) gives a thread the credentials of its creator (LineagesIT).</li>
 * </ol>
 *
 * <p>The proof uses no thread that has ended. If a listing still shows such a thread, it is asked again
 * (asksAgainWhenAThreadThatIsSaidToBeGoneIsListed). A thread may create others before it ends. The next listing shows these
 * as new threads (asksTheChildOfAThreadThatIsGoneBeforeItIsAsked, asksTheChildOfAThreadThatEndsInsteadOfAnswering). The round
 * therefore follows a lineage of short-lived threads until one thread answers before it creates the next. This happens,
 * because a pending signal makes clone(2) restart after the handler. If it does not happen within the deadline, the round is
 * not settled (saysSoWhenNewThreadsNeverEnd).
 */
final class Round {

    /** After so many nanoseconds without an answer, the round checks whether the awaited threads still exist. */
    private static final long LOOK_AFTER = 2_000_000;
    private static final long SHORTEST_PAUSE = 20_000;
    private static final long LONGEST_PAUSE = 500_000;

    /**
     * A signal that is blocked for so many nanoseconds counts as blocked for good. Threads block every signal for a shorter
     * time while they create a thread or a process.
     */
    private static final long BLOCKED_FOR_GOOD = 10_000_000_000L;

    private static final class Ask {

        private final int number;
        private final int tid;
        private final long inode;
        private @Nullable Answer answer;
        private boolean worker;
        private long blockedSince;

        Ask(int number, int tid, long inode) {
            this.number = number;
            this.tid = tid;
            this.inode = inode;
        }
    }

    private final Tasks tasks;
    private final Supplier<List<Answer>> arriving;
    private final BooleanSupplier full;
    private final long began;
    private final long patience;
    private final int self;

    /** The last ask of each thread, by its id. */
    private final Map<Integer, Ask> asked = new HashMap<>();
    private final Map<Integer, Ask> awaited = new LinkedHashMap<>();
    private TaskListing last = new TaskListing(List.of(), false);
    /** Whether an awaited id seemed to belong to a new thread. It may be the same thread, which may still run the program. */
    private boolean doubtful;
    private @Nullable CapsException reason;
    private int numbers;
    private int listings;
    private int unclean;
    private int signals;
    private int refused;
    private int ended;
    private int recycled;

    /**
     * A round that has not begun.
     *
     * @param arriving gives the answers that have arrived since its last call
     * @param full whether there is no room for more answers
     * @param patience the deadline for the whole round, in nanoseconds
     */
    Round(Tasks tasks, Supplier<List<Answer>> arriving, BooleanSupplier full, long patience) {
        this.tasks = tasks;
        this.arriving = arriving;
        this.full = full;
        this.patience = patience;
        self = tasks.self();
        began = tasks.time();
    }

    /**
     * Runs the round.
     *
     * @param accepted whether the other threads are asked too, given the answer of the calling thread
     * @throws CapsException if the kernel refuses the first signal; no thread has then run anything
     */
    Outcome run(Predicate<Answer> accepted) {
        Ask mine = askMyself();
        boolean settled = false;
        boolean begun = false;
        try {
            boolean goesOn = await() && accepted.test(mine.answer);
            while (goesOn && !settled) {
                List<TaskListing.Entry> strangers = strangers();
                begun = true;
                settled = strangers.isEmpty() && last.clean();
                goesOn = settled || (ask(strangers) && await() && !late());
            }
        } catch (CapsException e) {
            reason = e;
        }
        return outcome(begun, settled);
    }

    /** {@return whether no thread can be in the program, or still enter it} */
    boolean awaitsNobody() {
        return awaited.isEmpty() && !doubtful;
    }

    private Ask askMyself() {
        Ask mine = new Ask(++numbers, self, 0);
        asked.put(self, mine);
        awaited.put(mine.number, mine);
        signals++;
        long result = tasks.signal(self, mine.number);
        if (result != 0) {
            awaited.clear();
            throw Errno.of(result).exception("rt_tgsigqueueinfo(" + self + ")", Errno.EAGAIN.is(result)
                    ? "no room for a signal: too many are pending, or RLIMIT_SIGPENDING is too low"
                    : "the calling thread cannot signal itself");
        }
        return mine;
    }

    private TaskListing list() {
        TaskListing listing = tasks.list();
        listings++;
        unclean += listing.clean() ? 0 : 1;
        return listing;
    }

    /** {@return the threads in a new listing that have not been asked} */
    private List<TaskListing.Entry> strangers() {
        last = list();
        List<TaskListing.Entry> strangers = new ArrayList<>();
        for (TaskListing.Entry entry : last.entries()) {
            Ask before = asked.get(entry.tid());
            if (before == null || (entry.tid() != self && before.inode != entry.inode())) {
                strangers.add(entry);
            }
        }
        return strangers;
    }

    /**
     * Signals these threads, the youngest first, because short-lived threads are among the youngest. Their state is not read
     * before, because that would cost more than the rest of the round.
     *
     * @return whether, for each thread, the kernel accepted the signal or the thread has ended
     */
    private boolean ask(List<TaskListing.Entry> strangers) {
        for (int i = strangers.size() - 1; i >= 0; i--) {
            if (!ask(strangers.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean ask(TaskListing.Entry entry) {
        Ask ask = new Ask(++numbers, entry.tid(), entry.inode());
        Ask before = asked.put(ask.tid, ask);
        if (before != null) {
            recycled++;
            awaited.remove(before.number); // it has ended, or it is the same thread and will answer both
        }
        while (true) {
            signals++;
            awaited.put(ask.number, ask); // before the signal, so that the handler stays whatever happens here
            long result = tasks.signal(ask.tid, ask.number);
            if (result == 0) {
                return true;
            }
            awaited.remove(ask.number);
            if (Errno.ESRCH.is(result)) {
                ended++;
                forget(ask);
                return true;
            }
            refused++; // EAGAIN: room returns as threads take their signals
            if (!Errno.EAGAIN.is(result) || late()) {
                reason = Errno.of(result).exception("rt_tgsigqueueinfo(" + ask.tid + ")", "the thread cannot be signalled");
                return false;
            }
            tasks.pause(SHORTEST_PAUSE);
        }
    }

    /** Forgets a thread that a system call reports as gone. If a listing still shows the thread, it is asked again. */
    private void forget(Ask ask) {
        asked.remove(ask.tid);
    }

    /** {@return whether all awaited threads have answered or ended} */
    private boolean await() {
        long pause = SHORTEST_PAUSE;
        long lastNews = tasks.time();
        while (true) {
            boolean news = take();
            if (full.getAsBoolean()) {
                reason = tooMany();
                return false;
            }
            if (awaited.isEmpty()) {
                return true;
            }
            long now = tasks.time();
            if (news) {
                lastNews = now;
                pause = SHORTEST_PAUSE;
            } else if (now - lastNews > LOOK_AFTER) {
                lastNews = now;
                boolean hopeless = lookAtTheSilent(now);
                if (hopeless || late()) {
                    return awaited.isEmpty();
                }
            }
            tasks.pause(pause);
            pause = Math.min(pause + pause / 4, LONGEST_PAUSE);
        }
    }

    private boolean take() {
        boolean news = false;
        for (Answer answer : arriving.get()) {
            Ask ask = awaited.remove(answer.ask());
            if (ask != null) {
                ask.answer = answer;
                news = true;
            }
        }
        return news;
    }

    /**
     * Stops waiting for threads that cannot answer: ended threads, and kernel workers, which block every signal.
     *
     * @return whether a thread blocks the signal for good
     */
    private boolean lookAtTheSilent(long now) {
        boolean hopeless = false;
        TaskListing listing = list();
        for (Ask ask : new ArrayList<>(awaited.values())) {
            TaskStat stat = tasks.stat(ask.tid);
            ask.worker = stat.kernelWorker();
            boolean over = stat.ended() && ask.tid != self;
            boolean another = !stat.ended() && !stat.kernelWorker() && isAnother(ask, listing);
            doubtful |= another;
            if (over && stat.state() == TaskStat.GONE) {
                forget(ask);
            }
            if (over || stat.kernelWorker() || another) {
                ended += stat.kernelWorker() ? 0 : 1;
                awaited.remove(ask.number);
                continue;
            }
            ask.blockedSince = !stat.blocks() ? 0 : ask.blockedSince == 0 ? now : ask.blockedSince;
            hopeless |= ask.blockedSince != 0
                    && (now - ask.blockedSince > BLOCKED_FOR_GOOD || now - began > patience - LOOK_AFTER);
        }
        return hopeless && blocked();
    }

    /** Sets the reason. The report of the outcome appends the silent threads. */
    private boolean blocked() {
        reason = Errno.NONE.exception("Scope.PROCESS", "these threads block signal " + Signal.NUMBER
                + ", which this library uses to reach every thread");
        return true;
    }

    /** Whether another thread has that id now. The next listing shows that thread as new. */
    private boolean isAnother(Ask ask, TaskListing listing) {
        if (ask.tid == self) {
            return false;
        }
        for (TaskListing.Entry entry : listing.entries()) {
            if (entry.tid() == ask.tid) {
                return entry.inode() != ask.inode;
            }
        }
        return false;
    }

    private static CapsException tooMany() {
        return Errno.NONE.exception("rt_tgsigqueueinfo()", "threads start faster than they can be signalled");
    }

    private boolean late() {
        return tasks.time() - began > patience;
    }

    private Outcome outcome(boolean begun, boolean settled) {
        doubtful &= !settled; // the thread with such an id has answered a later signal, and signals arrive in order
        take(); // a thread may have answered while another could not be asked
        List<Answer> living = new ArrayList<>();
        List<Integer> workers = new ArrayList<>();
        Ask mine = Objects.requireNonNull(asked.get(self));
        if (mine.answer != null) {
            living.add(mine.answer);
        }
        for (Ask ask : settled ? listed() : asked.values()) {
            if (ask.worker) {
                workers.add(ask.tid);
            } else if (ask.answer != null && ask.tid != self) {
                living.add(ask.answer);
            }
        }
        List<Integer> silent = new ArrayList<>();
        for (Ask ask : awaited.values()) {
            silent.add(ask.tid);
        }
        if (begun && !settled && silent.isEmpty() && reason == null) {
            reason = tooMany();
        }
        return new Outcome(begun, settled, living, workers, silent, Optional.ofNullable(reason),
                new Outcome.Effort(listings, unclean, signals, refused, ended, recycled, tasks.time() - began));
    }

    private List<Ask> listed() {
        List<Ask> listed = new ArrayList<>();
        for (TaskListing.Entry entry : last.entries()) {
            listed.add(asked.get(entry.tid()));
        }
        return listed;
    }
}
