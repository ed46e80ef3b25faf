package nucleus.caps.internal.threads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One listing of the threads of this process by the kernel.
 *
 * @param entries the threads, from the oldest to the youngest
 * @param clean whether the entries hold every thread that was alive when the listing ended
 */
record TaskListing(List<Entry> entries, boolean clean) {

    /** struct linux_dirent64, of getdents64(2) */
    private static final int D_INO = 0;
    private static final int D_RECLEN = 16;
    private static final int D_NAME = 19;

    /**
     * One thread, or, in any other directory, one entry whose name is a number.
     *
     * @param tid the thread's id, which a new thread may get once this thread has ended
     * @param inode the inode of the thread's directory; the same inode means the same thread
     */
    record Entry(int tid, long inode) {
    }

    /** {@return the entries whose names are numbers} */
    static List<Entry> parse(byte[] entries) {
        ByteBuffer buffer = ByteBuffer.wrap(entries).order(ByteOrder.nativeOrder());
        List<Entry> numbers = new ArrayList<>();
        for (int at = 0; at < entries.length; at += Short.toUnsignedInt(buffer.getShort(at + D_RECLEN))) {
            int number = 0;
            int letter = at + D_NAME;
            for (; entries[letter] >= '0' && entries[letter] <= '9'; letter++) {
                number = 10 * number + entries[letter] - '0';
            }
            if (letter > at + D_NAME) { // not a dot
                numbers.add(new Entry(number, buffer.getLong(at + D_INO)));
            }
        }
        return numbers;
    }

    /** Whether another thread has the id of that thread now. */
    boolean showsAnother(Ask ask) {
        for (Entry entry : entries) {
            if (entry.tid() == ask.tid) {
                return ask.inode != Ask.CALLER && entry.inode() != ask.inode;
            }
        }
        return false;
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
