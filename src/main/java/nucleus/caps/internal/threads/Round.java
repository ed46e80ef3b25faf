package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.List;
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
 * <p>A round asks nobody while a thread blocks the signal since an earlier round. It is then not settled. Once that thread
 * unblocks the signal, it is asked like every other thread. The handler ignores the old signal, which belongs to another
 * block (asksNobodyWhileAThreadBlocksTheSignalOfAnEarlierRound, OverlappingRoundsTest).
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

    private final Tasks tasks;
    private final Supplier<List<Answer>> arriving;
    private final BooleanSupplier full;
    private final long began;
    private final long patience;
    private final int self;

    private final Asks asks;
    private final Silence silence;
    private final Unanswered unanswered;
    private TaskListing last = new TaskListing(List.of(), false);
    private @Nullable CapsException reason;
    private int listings;
    private int unclean;
    private int signals;
    private int refused;

    /**
     * A round that has not begun.
     *
     * @param arriving gives the answers that have arrived since its last call
     * @param full whether there is no room for more answers
     * @param patience the deadline for the whole round, in nanoseconds
     * @param unanswered what the rounds of this process remember
     */
    Round(Tasks tasks, Supplier<List<Answer>> arriving, BooleanSupplier full, long patience, Unanswered unanswered) {
        this.tasks = tasks;
        this.arriving = arriving;
        this.full = full;
        this.patience = patience;
        this.unanswered = unanswered;
        self = tasks.self();
        began = tasks.time();
        asks = new Asks(self);
        silence = new Silence(tasks, asks, self, patience);
    }

    /**
     * Runs the round.
     *
     * @param accepted whether the other threads are asked too, given the answer of the calling thread
     * @throws CapsException if the kernel refuses the first signal; no thread has then run anything
     */
    Outcome run(Predicate<Answer> accepted) {
        List<Integer> blocking = silence.sinceEarlierRounds(unanswered);
        if (!blocking.isEmpty()) {
            return new Outcome(false, false, List.of(), List.of(), blocking, Optional.of(blocked()), effort());
        }
        Ask mine = askMyself();
        boolean settled = false;
        boolean begun = false;
        try {
            boolean goesOn = await() && accepted.test(mine.answer);
            while (goesOn && !settled) {
                last = list();
                List<TaskListing.Entry> strangers = asks.strangers(last);
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
        return asks.awaitsNobody();
    }

    private Ask askMyself() {
        Ask mine = asks.add(self, Ask.CALLER);
        asks.await(mine);
        signals++;
        long result = tasks.signal(self, mine.number);
        if (result != 0) {
            asks.dismiss(mine);
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
        Ask ask = asks.add(entry.tid(), entry.inode());
        while (true) {
            signals++;
            asks.await(ask); // before the signal, so that the handler stays whatever happens here
            long result = tasks.signal(ask.tid, ask.number);
            if (result == 0) {
                return true;
            }
            if (Errno.ESRCH.is(result)) {
                asks.dismissEnded(ask);
                asks.forget(ask);
                return true;
            }
            asks.dismiss(ask);
            refused++; // EAGAIN: room returns as threads take their signals
            if (!Errno.EAGAIN.is(result) || late()) {
                reason = Errno.of(result).exception("rt_tgsigqueueinfo(" + ask.tid + ")", "the thread cannot be signalled");
                return false;
            }
            tasks.pause(SHORTEST_PAUSE);
        }
    }

    /** {@return whether all awaited threads have answered or ended} */
    private boolean await() {
        long pause = SHORTEST_PAUSE;
        long lastNews = tasks.time();
        while (true) {
            boolean news = asks.take(arriving.get());
            if (full.getAsBoolean()) {
                reason = tooMany();
                return false;
            }
            if (asks.allAnswered()) {
                return true;
            }
            long now = tasks.time();
            if (news) {
                lastNews = now;
                pause = SHORTEST_PAUSE;
            } else if (now - lastNews > LOOK_AFTER) {
                lastNews = now;
                boolean late = late(); // both decisions use the time before the listing, which may take long
                boolean hopeless = silence.isHopeless(now, list(), late);
                if (hopeless) {
                    reason = blocked();
                }
                if (hopeless || late) {
                    return asks.allAnswered();
                }
            }
            tasks.pause(pause);
            pause = Math.min(pause + pause / 4, LONGEST_PAUSE);
        }
    }

    /** The report of the outcome appends the silent threads. */
    private static CapsException blocked() {
        return Errno.NONE.exception("Scope.PROCESS", "these threads block signal " + Signal.NUMBER
                + ", which this library uses to reach every thread");
    }

    private static CapsException tooMany() {
        return Errno.NONE.exception("rt_tgsigqueueinfo()", "threads start faster than they can be signalled");
    }

    private boolean late() {
        return tasks.time() - began > patience;
    }

    private Outcome outcome(boolean begun, boolean settled) {
        if (settled) {
            asks.settle();
        }
        asks.take(arriving.get()); // a thread may have answered while another could not be asked
        List<Answer> living = new ArrayList<>();
        List<Integer> workers = new ArrayList<>();
        Ask mine = asks.mine();
        if (mine.answer != null) {
            living.add(mine.answer);
        }
        for (Ask ask : settled ? asks.of(last) : asks.all()) {
            if (ask.worker) {
                workers.add(ask.tid);
            } else if (ask.answer != null && ask.tid != self) {
                living.add(ask.answer);
            }
        }
        List<Integer> silent = new ArrayList<>();
        for (Ask ask : asks.awaited()) {
            silent.add(ask.tid);
            unanswered.add(ask);
        }
        if (begun && !settled && silent.isEmpty() && reason == null) {
            reason = tooMany();
        }
        return new Outcome(begun, settled, living, workers, silent, Optional.ofNullable(reason), effort());
    }

    private Outcome.Effort effort() {
        return new Outcome.Effort(listings, unclean, signals, refused, asks.ended(), asks.recycled(), tasks.time() - began);
    }
}
