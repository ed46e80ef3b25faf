package nucleus.caps.internal.threads;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The threads of this process as the kernel listed them once.
 *
 * @param entries each thread
 * @param clean whether every thread is among them that was there when the listing ended
 */
record TaskListing(List<Entry> entries, boolean clean) {

    /** struct linux_dirent64, of getdents64(2) */
    private static final int D_INO = 0;
    private static final int D_RECLEN = 16;
    private static final int D_NAME = 19;

    /**
     * One thread; in another directory than that of threads, one entry whose name is a number.
     *
     * @param tid its id, which another may get as soon as it has ended
     * @param inode of its directory: while that stays the same, so does the thread
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

    boolean contains(int tid) {
        for (Entry entry : entries) {
            if (entry.tid() == tid) {
                return true;
            }
        }
        return false;
    }
}
