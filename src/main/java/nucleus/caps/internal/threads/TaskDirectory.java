package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;

/**
 * {@code /proc/self/task}, held open: what is mounted on /proc later cannot deceive. Not for several threads at once.
 *
 * <p>It is read by bare system calls: getdents64(2) alone tells whether a listing is whole.
 */
final class TaskDirectory {

    /** What is listed besides threads. */
    private static final int DOTS = 2;

    /** For one entry each of as many threads as can answer. */
    private static final long BUFFER = (ControlBlock.SLOTS + DOTS) * 32L;

    /** struct linux_dirent64 */
    private static final int D_INO = 0;
    private static final int D_RECLEN = 16;
    private static final int D_NAME = 19;

    private static final long LONGEST_NAME = 64;
    private static final String PATH = "/proc/self/task";
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_CUR = 1;

    private final Machine machine;
    private final Numbers numbers;
    private final MemorySegment buffer;
    private final MemorySegment name = Arena.global().allocate(LONGEST_NAME);
    private final int pid;
    private final long directory;

    /** @throws CapsException if /proc shows another process, or this one as another pid namespace sees it */
    TaskDirectory(Machine machine) {
        this.machine = machine;
        numbers = machine.numbers();
        buffer = machine.allocate(BUFFER);
        pid = (int) machine.call(numbers.getpid());
        directory = open(AT_FDCWD, PATH);
        if (directory < 0) {
            throw Refusals.of("open(" + PATH + ")", directory, "/proc is not mounted, or not for this process");
        }
        if (!isOf(pid, file(pid + "/status").orElse("")) || !list().contains((int) machine.call(numbers.gettid()))) {
            throw Refusals.of("read(" + PATH + ")", 0, "/proc is of another process or pid namespace");
        }
    }

    /** A status file gives the id in each pid namespace from that of /proc to that of the process: here they are one. */
    static boolean isOf(int pid, String status) {
        return status.contains("\nNSpid:\t" + pid + "\n");
    }

    int pid() {
        return pid;
    }

    /**
     * Lists once. The kernel walks along the threads from the oldest to the youngest, and stops early if one ends while
     * it is there. A further call goes on from the number of threads passed so far, and may skip one, or find nothing.
     * So nobody was missed if one call gave all, each thread passed was named, and the last of them is still there.
     */
    Listing list() {
        machine.call(numbers.lseek(), directory, 0, 0);
        List<Listing.Entry> entries = new ArrayList<>();
        int calls = 0;
        for (long length; (length = machine.call(numbers.getdents64(), directory, buffer.address(), BUFFER)) != 0; ) {
            if (length < 0) {
                throw Refusals.of("getdents64(" + PATH + ")", length, "the threads cannot be listed");
            }
            calls++;
            parse(length, entries);
        }
        long passed = machine.call(numbers.lseek(), directory, 0, SEEK_CUR) - DOTS;
        boolean clean = calls == 1 && passed == entries.size() && passed > 0
                && alive(entries.get(entries.size() - 1).tid());
        return new Listing(entries, clean);
    }

    private void parse(long length, List<Listing.Entry> entries) {
        for (long at = 0; at < length; at += Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, at + D_RECLEN))) {
            int tid = 0;
            long name = at + D_NAME;
            for (byte c; (c = buffer.get(JAVA_BYTE, name)) >= '0' && c <= '9'; name++) {
                tid = 10 * tid + c - '0';
            }
            if (tid > 0) { // not a dot
                entries.add(new Listing.Entry(tid, buffer.get(JAVA_LONG_UNALIGNED, at + D_INO)));
            }
        }
    }

    private boolean alive(int tid) {
        return machine.call(numbers.tgkill(), pid, tid, 0) != -Refusals.ESRCH;
    }

    TaskStat stat(int tid) {
        try {
            Optional<String> text = file(tid + "/stat");
            return text.isPresent() ? TaskStat.of(text.get()) : TaskStat.gone();
        } catch (CapsException e) {
            return alive(tid) ? TaskStat.unknown() : TaskStat.gone(); // too many open files, perhaps
        }
    }

    /** {@return the content of a file below, or nothing if its thread is gone} */
    Optional<String> file(String path) {
        long file = open(directory, path);
        if (file < 0) {
            return gone(path, file);
        }
        try {
            long end = 0;
            long length;
            while ((length = machine.call(numbers.read(), file, buffer.address() + end, BUFFER - end)) > 0) {
                end += length;
            }
            if (length < 0) {
                return gone(path, length);
            }
            return Optional.of(new String(buffer.asSlice(0, end).toArray(JAVA_BYTE), StandardCharsets.ISO_8859_1));
        } finally {
            machine.call(numbers.close(), file);
        }
    }

    private static Optional<String> gone(String path, long result) {
        if (result == -Refusals.ENOENT || result == -Refusals.ESRCH) {
            return Optional.empty();
        }
        throw Refusals.of("read(" + PATH + "/" + path + ")", result, "the file cannot be read");
    }

    private long open(long below, String path) {
        name.setString(0, path);
        return machine.call(numbers.openat(), below, name.address(), O_CLOEXEC);
    }
}
