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
 * Lets every thread of the process run a program and tell its state: the calling thread, and if its answer is accepted all
 * others. It is settled only when this holds, <b>the invariant</b>: each thread that is alive has itself answered after its
 * last change, or was created after that by one that had.
 *
 * <p><b>Proof.</b> Each step names the tests that fail if it is broken.
 * <ol>
 * <li>An answer belongs to one thread. Each signal carries a number, the handler copies it into its answer, and the kernel
 * delivers a signal that is for a thread to no other. So the answer with that number comes from whoever had the id when the
 * signal was sent (RecycledIdsTest: keepsAskingWhenAStaleAnswerOfARecycledIdArrives, ignoresAnAnswerToAnUnknownAsk). It
 * tells what that thread held after its last change, since the questions are the end of the program (HandlerInCTest,
 * ProgramsTest).</li>
 * <li>A listed thread is known by its id and the inode of its directory. A thread that gets the id of an ended one gets a
 * new directory, and counts as new, however soon it comes (asksAgainWhenAnIdIsRecycled,
 * asksAgainWhenAnIdIsRecycledBeforeItAnswers). If the kernel makes the directory of a living thread anew, that thread is
 * asked twice, which does no harm (asksAgainWhenTheDirectoryOfALivingThreadIsNew).</li>
 * <li>A clean listing ends at a moment at which every living thread is in it: {@link TaskDirectory#list} says why
 * (TaskDirectoryTest: isNotCleanWhen…).</li>
 * <li>The round is settled by a clean listing that shows nobody but threads that had answered before it began, and threads
 * that run nothing: ended leaders, which stay as zombies, and the kernel's own workers, which are reported
 * (settlesOnACleanListingOnly, doesNotSettleOnTheListingThatShowsAStranger, ZombieLeaderTest, KernelWorkerTest). Let E be
 * the moment at which that listing ends. By 3 every thread that lives at E is in it, so by 1 and 2 it has answered.</li>
 * <li>A thread that is created after E has a creator that lives at E or was itself created after E. By induction its first
 * ancestor that lives at E has answered. clone(2) gives a thread the credentials of its creator (LineagesIT).</li>
 * </ol>
 *
 * <p>Nothing follows from a thread that is gone. If a listing shows it all the same, it is asked again
 * (asksAgainWhenAThreadThatIsSaidToBeGoneIsListed). It may have created others before it ended, and these are in the next
 * listing, as new ones (asksTheChildOfAThreadThatIsGoneBeforeItIsAsked, asksTheChildOfAThreadThatEndsInsteadOfAnswering): a
 * lineage of short-lived threads is therefore followed until one of its members answers before it creates the next. That
 * happens, because clone(2) with a signal pending is begun anew behind the handler. If it does not happen within the
 * deadline, the round is not settled (saysSoWhenNewThreadsNeverEnd).
 */
final class Round {

    /** After so long without an answer it is time to look whether those awaited are still there. */
    private static final long LOOK_AFTER = 2_000_000;
    private static final long SHORTEST_PAUSE = 20_000;
    private static final long LONGEST_PAUSE = 500_000;

    /** A thread that creates another, or a process, blocks every signal until it comes to run again. */
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
    private final long began = System.nanoTime();
    private final long patience;
    private final int self;

    /** The last ask of each thread, by its id. */
    private final Map<Integer, Ask> asked = new HashMap<>();
    private final Map<Integer, Ask> awaited = new LinkedHashMap<>();
    private TaskListing last = new TaskListing(List.of(), false);
    /** Whether an id that was awaited seemed to be another's: it may be the same thread, and still come to the program. */
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
     * @param arriving gives the answers that have come since it was last asked
     * @param full says whether there is no room for more of them
     * @param patience for how many nanoseconds answers are waited for
     */
    Round(Tasks tasks, Supplier<List<Answer>> arriving, BooleanSupplier full, long patience) {
        this.tasks = tasks;
        this.arriving = arriving;
        this.full = full;
        this.patience = patience;
        self = tasks.self();
    }

    /**
     * Runs it.
     *
     * @param accepted whether the others are asked too, after that answer of the calling thread
     * @throws CapsException if the kernel does not take the first signal; no thread has run anything then
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

    /** {@return whether nobody can be in the program, or come to it} */
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
                    : "a thread cannot send a signal to itself");
        }
        return mine;
    }

    private TaskListing list() {
        TaskListing listing = tasks.list();
        listings++;
        unclean += listing.clean() ? 0 : 1;
        return listing;
    }

    /** {@return who is in a new listing and has not been asked} */
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
     * Signals them, the youngest first: the short-lived are among these. None is looked at before, which would cost more
     * than all the rest.
     *
     * @return whether the kernel took each signal, or had no such thread any more
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
            awaited.remove(before.number); // gone; or the same thread, which will answer both
        }
        while (true) {
            signals++;
            awaited.put(ask.number, ask); // before the signal: the handler must stay, whatever happens here
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
            refused++; // EAGAIN: room comes back as others take theirs
            if (!Errno.EAGAIN.is(result) || late()) {
                reason = Errno.of(result).exception("rt_tgsigqueueinfo(" + ask.tid + ")", "a thread cannot be asked");
                return false;
            }
            tasks.pause(SHORTEST_PAUSE);
        }
    }

    /** Only a call says that it is gone. If a listing still shows it, it is asked again. */
    private void forget(Ask ask) {
        asked.remove(ask.tid);
    }

    /** {@return whether all those awaited have answered or ended} */
    private boolean await() {
        long pause = SHORTEST_PAUSE;
        long lastNews = System.nanoTime();
        while (true) {
            boolean news = take();
            if (full.getAsBoolean()) {
                reason = tooMany();
                return false;
            }
            if (awaited.isEmpty()) {
                return true;
            }
            long now = System.nanoTime();
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
     * One that has ended answers no more, and one of the kernel's own never: it blocks every signal.
     *
     * @return whether one blocks the signal for good
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

    /** Whoever reports this names the silent ones. */
    private boolean blocked() {
        reason = Errno.NONE.exception("Scope.PROCESS", "these threads block signal " + Signal.NUMBER
                + ", by which every thread is asked to change itself:");
        return true;
    }

    /** Whether another has that id now: the next listing shows whom to ask instead. */
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
        return Errno.NONE.exception("rt_tgsigqueueinfo()", "threads appear faster than they could be asked");
    }

    private boolean late() {
        return System.nanoTime() - began > patience;
    }

    private Outcome outcome(boolean begun, boolean settled) {
        doubtful &= !settled; // whoever has such an id has answered since: signals come in order
        take(); // a thread that answered while another could not be asked is not silent
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
                new Outcome.Effort(listings, unclean, signals, refused, ended, recycled, System.nanoTime() - began));
    }

    private List<Ask> listed() {
        List<Ask> listed = new ArrayList<>();
        for (TaskListing.Entry entry : last.entries()) {
            listed.add(asked.get(entry.tid()));
        }
        return listed;
    }
}
