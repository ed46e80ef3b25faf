package nucleus.caps.internal.threads;

/** Stops waiting for threads that cannot answer: ended threads, and kernel workers, which block every signal. */
final class Silence {

    /**
     * A signal that is blocked for so many nanoseconds counts as blocked for good. Threads block every signal for a shorter
     * time while they create a thread or a process.
     */
    private static final long BLOCKED_FOR_GOOD = 10_000_000_000L;

    private final Tasks tasks;
    private final Asks asks;
    private final int self;
    private final long began;
    private final long patience;

    /**
     * The silence of one round.
     *
     * @param self the id of the calling thread, which has not ended
     * @param patience the nanoseconds after which no thread unblocks the signal soon enough
     */
    Silence(Tasks tasks, Asks asks, int self, long began, long patience) {
        this.tasks = tasks;
        this.asks = asks;
        this.self = self;
        this.began = began;
        this.patience = patience;
    }

    /** {@return whether a thread blocks the signal for good} Dismisses the threads that cannot answer. */
    boolean isHopeless(long now, TaskListing listing) {
        boolean hopeless = false;
        for (Ask ask : asks.awaited()) {
            TaskStat stat = tasks.stat(ask.tid);
            hopeless |= !dismisses(ask, stat, listing) && blocksForGood(ask, stat, now);
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
        boolean another = !stat.ended() && isAnother(ask, listing);
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

    private boolean blocksForGood(Ask ask, TaskStat stat, long now) {
        ask.blockedSince = !stat.blocks() ? 0 : ask.blockedSince == 0 ? now : ask.blockedSince;
        return ask.blockedSince != 0 && (now - ask.blockedSince > BLOCKED_FOR_GOOD || now - began > patience);
    }
}
