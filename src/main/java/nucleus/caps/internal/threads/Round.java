package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import nucleus.caps.CapsException;

/**
 * Asks every thread once: the calling one, and where that went well the others, until two clean listings in a row show
 * none that has not been asked.
 *
 * <p>Why that suffices: a thread that is missing in a clean listing was created after it began. Had its creator not
 * answered by then, it would be in the listing, and be new.
 */
final class Round {

    /** After so long without an answer it is time to look whether those awaited are still there. */
    private static final long LOOK_AFTER = 2_000_000;
    private static final long SHORTEST_PAUSE = 20_000;
    private static final long LONGEST_PAUSE = 500_000;
    private static final int QUIET_LISTINGS = 2;

    private final Tasks tasks;
    private final Supplier<List<Answer>> arriving;
    private final long began = System.nanoTime();
    private final long patience;
    private final int self;

    private final Met met = new Met();
    private final Set<Integer> awaited = new LinkedHashSet<>();
    private final Map<Integer, Answer> answers = new LinkedHashMap<>();
    private int listings;
    private int unclean;
    private int signals;
    private int refused;
    private int ended;
    private boolean uncertain;

    /**
     * A round that has not begun.
     *
     * @param arriving gives the answers that have come since it was last asked
     * @param patience for how many nanoseconds answers are waited for
     */
    Round(Tasks tasks, Supplier<List<Answer>> arriving, long patience) {
        this.tasks = tasks;
        this.arriving = arriving;
        this.patience = patience;
        self = tasks.self();
    }

    /** @throws CapsException if the kernel does not take the first signal; no thread has run anything then */
    Outcome run() {
        askMyself();
        if (!await() || answers.get(self).failed()) {
            return outcome(false);
        }
        int quiet = 0;
        while (quiet < QUIET_LISTINGS && !late()) {
            Listing listing = list();
            boolean nobodyNew = askWhoIsNew(listing);
            if (!await()) {
                return outcome(false);
            }
            quiet = nobodyNew && listing.clean() ? quiet + 1 : 0;
        }
        return outcome(quiet == QUIET_LISTINGS);
    }

    /** {@return whether nobody can be in the program, or come to it} */
    boolean awaitsNobody() {
        return awaited.isEmpty() && !uncertain;
    }

    private void askMyself() {
        awaited.add(self);
        signals++;
        long result = tasks.signal(self);
        if (result != 0) {
            awaited.remove(self);
            throw Refusals.of("rt_tgsigqueueinfo(" + self + ")", result, result == -Refusals.EAGAIN
                    ? "no room for a signal: too many are pending, or RLIMIT_SIGPENDING is too low"
                    : "a thread cannot send a signal to itself");
        }
    }

    private Listing list() {
        try {
            Listing listing = tasks.list();
            listings++;
            unclean += listing.clean() ? 0 : 1;
            return listing;
        } catch (CapsException e) {
            throw Refusals.afterChange(e);
        }
    }

    /**
     * Signals those that have not been met: without a look at them first, which would cost more than all the rest. One
     * that is gone before it can be asked counts as new as well: it may have created another.
     *
     * @return whether there was none
     */
    private boolean askWhoIsNew(Listing listing) {
        boolean nobodyNew = true;
        for (Listing.Entry entry : listing.entries()) {
            if (entry.tid() != self && met.isNew(entry)) {
                nobodyNew = false;
                ask(entry.tid());
            }
        }
        return nobodyNew;
    }

    private void ask(int tid) {
        awaited.add(tid);
        while (true) {
            signals++;
            long result = tasks.signal(tid);
            if (result == 0) {
                return;
            }
            if (result == -Refusals.ESRCH) {
                forget(tid);
                return;
            }
            refused++; // EAGAIN: room comes back as others take theirs
            if (late()) {
                return;
            }
            tasks.pause(SHORTEST_PAUSE);
        }
    }

    /** {@return whether all those awaited have answered or ended} */
    private boolean await() {
        long pause = SHORTEST_PAUSE;
        long lastNews = System.nanoTime();
        while (true) {
            List<Answer> news = arriving.get();
            for (Answer answer : news) {
                answers.put(answer.tid(), answer);
                awaited.remove(answer.tid());
            }
            if (awaited.isEmpty()) {
                return true;
            }
            long now = System.nanoTime();
            if (!news.isEmpty()) {
                lastNews = now;
                pause = SHORTEST_PAUSE;
            } else if (now - lastNews > LOOK_AFTER) {
                lastNews = now;
                forgetWhoCannotAnswer();
                if (late()) {
                    return awaited.isEmpty();
                }
            }
            tasks.pause(pause);
            pause = Math.min(pause + pause / 4, LONGEST_PAUSE);
        }
    }

    /** One that has ended answers no more, and one of the kernel's own never: it blocks every signal. */
    private void forgetWhoCannotAnswer() {
        Listing now = list();
        for (int tid : new ArrayList<>(awaited)) {
            TaskStat stat = tasks.stat(tid);
            if (tid != self && (stat.ended() || stat.kernelWorker())) {
                forget(tid);
            } else if (tid != self && met.isAnother(tid, now)) {
                forget(tid); // the next listing shows whom to ask instead
                uncertain = true; // unless it is the same, and the signal is still under way
            }
        }
    }

    private void forget(int tid) {
        ended++;
        awaited.remove(tid);
    }

    private boolean late() {
        return System.nanoTime() - began > patience;
    }

    private Outcome outcome(boolean settled) {
        return new Outcome(answers, List.copyOf(awaited), settled, new Outcome.Effort(listings, unclean, signals,
                refused, ended, met.recycled(), System.nanoTime() - began));
    }
}
