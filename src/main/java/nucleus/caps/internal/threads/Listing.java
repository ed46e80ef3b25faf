package nucleus.caps.internal.threads;

import java.util.List;

/**
 * The threads of this process as the kernel listed them once.
 *
 * @param entries each thread
 * @param clean whether no thread can be missing that was there when the listing began
 */
record Listing(List<Entry> entries, boolean clean) {

    /**
     * One thread.
     *
     * @param tid its id, which another may get as soon as it has ended
     * @param inode of its directory: while that stays the same, so does the thread
     */
    record Entry(int tid, long inode) {
    }

    boolean contains(int tid) {
        for (Entry entry : entries) {
            if (entry.tid() == tid) {
                return true;
            }
        }
        return false;
    }
}
