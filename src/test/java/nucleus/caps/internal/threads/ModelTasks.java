package nucleus.caps.internal.threads;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nucleus.caps.internal.sys.Errno;

/** A model of a process: what each listing shows, and what each thread does with the signal. */
final class ModelTasks implements Tasks {

    static final int SELF = 100;

    private static final int FAR_TOO_MANY = 5_000_000;
    private static final int LISTING = 2_500;

    /** What a thread does when it is signalled; {@code signalled} returns what the kernel answers to the sender. */
    interface Reaction {
        long signalled(int tid, int ask);
    }

    /** Each id that was signalled, in order. */
    final List<Integer> signalled = new ArrayList<>();

    /** How long each pause was asked to be, in order. */
    final List<Long> paused = new ArrayList<>();

    /** Each living thread; a thread that is missing is gone. */
    final Map<Integer, TaskStat> stats = new HashMap<>();

    /** What the rounds of this model remember. */
    private final Unanswered unanswered = new Unanswered();

    /** Whether the slots have overflowed. */
    boolean full;

    private final Map<Integer, Long> inodes = new HashMap<>();
    private final Map<Integer, Reaction> reactions = new HashMap<>();
    private final List<Answer> arriving = new ArrayList<>();
    private final Deque<Runnable> listings = new ArrayDeque<>();
    private final Deque<Runnable> pauses = new ArrayDeque<>();
    private TaskListing listing = new TaskListing(List.of(), true);
    private int steps;
    /** The model has a clock of its own, so no load on the machine lets a deadline pass. */
    private long time;
    private long listingTime = 100_000;

    ModelTasks(int... tids) {
        live(SELF);
        for (int tid : tids) {
            live(tid);
        }
        show(true);
    }

    /** Adds a thread that answers. */
    ModelTasks live(int tid) {
        return live(tid, tid, new TaskStat('S', 0, false));
    }

    ModelTasks live(int tid, long inode, TaskStat stat) {
        stats.put(tid, stat);
        inodes.put(tid, inode);
        return this;
    }

    ModelTasks end(int tid) {
        stats.remove(tid);
        return this;
    }

    ModelTasks on(int tid, Reaction reaction) {
        reactions.put(tid, reaction);
        return this;
    }

    /** Adds a step that is taken right before a listing; each listing takes one. */
    ModelTasks then(Runnable step) {
        listings.add(step);
        return this;
    }

    /** Adds a step that is taken in a pause; each pause takes one. */
    ModelTasks later(Runnable step) {
        pauses.add(step);
        return this;
    }

    /** From now on a listing takes that long. */
    void slow(Duration time) {
        listingTime = time.toNanos();
    }

    /** From now on the listing shows the living. */
    ModelTasks show(boolean clean) {
        listing = new TaskListing(stats.keySet().stream().sorted().map(this::entry).toList(), clean);
        return this;
    }

    /** From now on the listing shows exactly this. */
    ModelTasks show(TaskListing.Entry... entries) {
        listing = new TaskListing(Arrays.asList(entries), true);
        return this;
    }

    TaskListing.Entry entry(int tid) {
        return new TaskListing.Entry(tid, inodes.getOrDefault(tid, (long) tid));
    }

    /** A thread answers; {@return 0} */
    long answers(int tid, int ask) {
        return answers(new Answer(tid, ask, Answer.NONE, 0, new long[] {tid}, new byte[0]));
    }

    long answers(Answer answer) {
        arriving.add(answer);
        return 0;
    }

    Round round(Duration patience) {
        return new Round(this, () -> {
            List<Answer> news = List.copyOf(arriving);
            arriving.clear();
            return news;
        }, () -> full, TimeUnit.NANOSECONDS.convert(patience), unanswered);
    }

    Outcome run(Duration patience) {
        return round(patience).run(answer -> true);
    }

    /** Fails a round that does not end. */
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
    public TaskListing list() {
        count(LISTING);
        time += listingTime;
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
    public long signal(int tid, int ask) {
        signalled.add(tid);
        if (!stats.containsKey(tid)) {
            return -Errno.ESRCH.number();
        }
        return reactions.getOrDefault(tid, this::answers).signalled(tid, ask);
    }

    @Override
    public void pause(long nanos) {
        count(1);
        paused.add(nanos);
        if (!pauses.isEmpty()) {
            pauses.remove().run();
        }
        time += nanos;
    }

    @Override
    public long time() {
        return time;
    }
}
