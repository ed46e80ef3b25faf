package nucleus.caps.internal.threads;

import java.util.HashMap;
import java.util.Map;

/**
 * The threads that a round has met, by id and directory. An id alone does not tell one: when a thread ends, another can
 * get its id, from a creator that has not run the program yet. Under memory pressure the kernel makes the directory of a
 * living thread anew; that thread is asked twice.
 */
final class Met {

    private final Map<Integer, Long> inodes = new HashMap<>();
    private int recycled;

    /** {@return whether that one has not been met before} */
    boolean isNew(Listing.Entry entry) {
        Long before = inodes.put(entry.tid(), entry.inode());
        if (before != null && before == entry.inode()) {
            return false;
        }
        recycled += before == null ? 0 : 1;
        return true;
    }

    /** {@return whether the listing shows another under that id, or the same with a new directory} */
    boolean isAnother(int tid, Listing listing) {
        for (Listing.Entry entry : listing.entries()) {
            if (entry.tid() == tid) {
                return entry.inode() != inodes.get(tid);
            }
        }
        return false;
    }

    /** {@return how many had the id of another} */
    int recycled() {
        return recycled;
    }
}
