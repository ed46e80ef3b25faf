package nucleus.caps.internal.threads;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process by a script: what each listing shows, and how each thread takes the signal. */
final class ModelTasks implements Tasks {

    static final int SELF = 100;

    private static final int FAR_TOO_MANY = 5_000_000;
    private static final int LISTING = 2_500;

    /** What a thread does when it is signalled; what the kernel then answers. */
    interface Reaction {
        long signalled(int tid);
    }

    /** By id, in the order of the signals. */
    final List<Integer> signalled = new ArrayList<>();

    /** A thread that is not here is gone. */
    final Map<Integer, TaskStat> stats = new HashMap<>();

    /** Of the directory of each. */
    private final Map<Integer, Long> inodes = new HashMap<>();

    private final Map<Integer, Reaction> reactions = new HashMap<>();
    private final List<Answer> arriving = new ArrayList<>();
    private final Deque<Runnable> listings = new ArrayDeque<>();
    private Listing listing = new Listing(List.of(), true);
    private int steps;

    ModelTasks(int... tids) {
        live(SELF);
        for (int tid : tids) {
            live(tid);
        }
        show(true);
    }

    /** A thread that lives, and answers. */
    ModelTasks live(int tid) {
        return live(tid, 'S', 0, tid);
    }

    ModelTasks live(int tid, char state, long flags, long inode) {
        stats.put(tid, new TaskStat(state, flags));
        inodes.put(tid, inode);
        return this;
    }

    ModelTasks on(int tid, Reaction reaction) {
        reactions.put(tid, reaction);
        return this;
    }

    /** Before the next listing that has no such step yet, this happens. */
    ModelTasks then(Runnable step) {
        listings.add(step);
        return this;
    }

    /** From now on the listing shows who lives now. */
    ModelTasks show(boolean clean) {
        listing = new Listing(stats.entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(e -> new Listing.Entry(e.getKey(), inodes.get(e.getKey()))).toList(), clean);
        return this;
    }

    /** From now on the listing shows exactly this. */
    ModelTasks show(Listing.Entry... entries) {
        listing = new Listing(Arrays.asList(entries), true);
        return this;
    }

    long answers(int tid, int executed, long result) {
        arriving.add(new Answer(tid, executed, result));
        return 0;
    }

    Round round(long patience) {
        return new Round(this, () -> {
            List<Answer> news = List.copyOf(arriving);
            arriving.clear();
            return news;
        }, patience);
    }

    /** A round without an end is one that fails. */
    private void count(int weight) {
        steps += weight;
        if (steps > FAR_TOO_MANY) {
            throw new AssertionError("the round does not come to an end");
        }
    }

    @Override
    public int self() {
        return SELF;
    }

    @Override
    public Listing list() {
        count(LISTING);
        if (!listings.isEmpty()) {
            listings.remove().run();
        }
        return listing;
    }

    @Override
    public TaskStat stat(int tid) {
        return stats.getOrDefault(tid, TaskStat.gone());
    }

    @Override
    public long signal(int tid) {
        signalled.add(tid);
        if (!stats.containsKey(tid)) {
            return -Refusals.ESRCH;
        }
        return reactions.getOrDefault(tid, t -> answers(t, 1, t)).signalled(tid);
    }

    @Override
    public void pause(long nanos) {
        count(1);
        Thread.onSpinWait();
    }
}
