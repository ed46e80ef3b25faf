package nucleus.caps.internal.threads;

import org.jspecify.annotations.Nullable;

/** A signal to one thread, and what is known of that thread since. */
final class Ask {

    /** Instead of an inode: the calling thread, which does not end during the round. */
    static final long CALLER = 0;

    final int number;
    final int tid;
    final long inode;
    @Nullable
    Answer answer;
    boolean worker;
    /** The time since which the thread blocks the signal, or 0. */
    long blockedSince;

    /**
     * An ask without an answer.
     *
     * @param number the number that the signal carries and that the handler copies into its answer
     * @param inode of the directory of the thread in /proc; with the thread id, it identifies the thread
     */
    Ask(int number, int tid, long inode) {
        this.number = number;
        this.tid = tid;
        this.inode = inode;
    }
}
