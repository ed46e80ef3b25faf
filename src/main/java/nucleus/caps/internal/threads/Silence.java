package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.List;

/** Stops waiting for threads that cannot answer: ended threads, and kernel workers, which block every signal. */
final class Silence {

    /**
     * A signal that is blocked for so many nanoseconds counts as blocked for good. Threads block every signal for a shorter
     * time while they create a thread or a process.
     */
    private static final long BLOCKED_FOR_GOOD = 10_000_000_000L;

    private static final long BETWEEN_LOOKS = 10_000_000;

    private final Tasks tasks;
    private final Asks asks;
    private final int self;
    private final long patience;

    /**
     * The silence of one round.
     *
     * @param self the id of the calling thread, which has not ended
     * @param patience the deadline for a whole round, in nanoseconds
     */
    Silence(Tasks tasks, Asks asks, int self, long patience) {
        this.tasks = tasks;
        this.asks = asks;
        this.self = self;
        this.patience = patience;
    }

    /**
     * {@return the ids of the threads that block the signal for good since an earlier round} Such a thread gets as much time
     * as one that the round has asked, from the moment at which it was first seen to block the signal.
     */
    List<Integer> sinceEarlierRounds(Unanswered unanswered) {
        List<Ask> blocking = unanswered.blocking(tasks);
        while (!blocking.isEmpty() && !anyLasts(blocking, tasks.time())) {
            tasks.pause(BETWEEN_LOOKS);
            blocking = unanswered.blocking(tasks);
        }
        List<Integer> tids = new ArrayList<>();
        for (Ask ask : blocking) {
            tids.add(ask.tid);
        }
        return tids;
    }

    private boolean anyLasts(List<Ask> blocking, long now) {
        boolean any = false;
        for (Ask ask : blocking) {
            any |= now - ask.blockedSince > Math.min(BLOCKED_FOR_GOOD, patience);
        }
        return any;
    }

    /**
     * {@return whether a thread blocks the signal for good} Dismisses the threads that cannot answer.
     *
     * @param late whether the deadline has passed; each thread that blocks the signal then counts as one that blocks it for good
     */
    boolean isHopeless(long now, TaskListing listing, boolean late) {
        boolean hopeless = false;
        for (Ask ask : asks.awaited()) {
            TaskStat stat = tasks.stat(ask.tid);
            hopeless |= !dismisses(ask, stat, listing) && blocksForGood(ask, stat, now, late);
        }
        return hopeless;
    }

    private boolean dismisses(Ask ask, TaskStat stat, TaskListing listing) {
        ask.worker = stat.kernelWorker();
        if (ask.worker) {
            asks.dismiss(ask);
            return true;
        }
        boolean over = stat.ended() && ask.tid != self;
        boolean another = !stat.ended() && listing.showsAnother(ask); // the next listing shows that thread as new
        if (another) {
            asks.doubt();
        }
        if (over && stat.state() == TaskStat.GONE) {
            asks.forget(ask);
        }
        if (over || another) {
            asks.dismissEnded(ask);
        }
        return over || another;
    }

    private boolean blocksForGood(Ask ask, TaskStat stat, long now, boolean late) {
        ask.blockedSince = !stat.blocks() ? 0 : ask.blockedSince == 0 ? now : ask.blockedSince;
        return ask.blockedSince != 0 && (late || now - ask.blockedSince > BLOCKED_FOR_GOOD);
    }
}
