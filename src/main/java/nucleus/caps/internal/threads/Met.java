package nucleus.caps.internal.threads;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The threads that a round has met. An id alone does not tell one: when a thread ends, another can get its id, from a
 * creator that has not run the program yet.
 */
final class Met {

    private final Tasks tasks;
    private final Map<Integer, Known> threads = new HashMap<>();
    private int recycled;

    private record Known(long inode, TaskStat stat) {
    }

    Met(Tasks tasks) {
        this.tasks = tasks;
    }

    /** {@return what is known of a thread, if it has not been met before} */
    Optional<TaskStat> meet(Listing.Entry entry) {
        Known before = threads.get(entry.tid());
        if (before != null && before.inode() == entry.inode()) {
            return Optional.empty();
        }
        TaskStat stat = tasks.stat(entry.tid());
        threads.put(entry.tid(), new Known(entry.inode(), stat));
        if (before == null) {
            return Optional.of(stat);
        }
        if (stat.same(before.stat())) {
            return Optional.empty(); // the kernel made the directory of a living thread anew
        }
        recycled++;
        return Optional.of(stat);
    }

    /** {@return whether the thread that was met has ended} */
    boolean hasEnded(int tid) {
        TaskStat stat = tasks.stat(tid);
        return stat.ended() || stat.another(threads.get(tid).stat());
    }

    /** {@return how many had the id of another} */
    int recycled() {
        return recycled;
    }
}
