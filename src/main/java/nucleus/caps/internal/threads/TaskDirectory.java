package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;

/**
 * {@code /proc/self/task}, held open: what is mounted on /proc later cannot deceive. Not for several threads at once.
 *
 * <p>It is read by bare system calls: getdents64(2) alone tells whether a listing is whole.
 */
final class TaskDirectory {

    /** What is listed besides threads. */
    private static final int DOTS = 2;

    /** For one entry each of as many threads as a machine can have. */
    private static final long BUFFER = 1L << 23;

    private static final String IO_URING = "anon_inode:[io_uring]";
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final long LONGEST_NAME = 64;
    private static final int STATFS_SIZE = 256;
    private static final String PATH = "/proc/self/task";
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_CUR = 1;

    private final Machine machine;
    private final MemorySegment buffer;
    private final MemorySegment name = Arena.global().allocate(LONGEST_NAME);
    private final int pid;
    private final long directory;

    /** @throws CapsException if /proc shows another process, or this one as another pid namespace sees it */
    TaskDirectory(Machine machine) {
        this.machine = machine;
        buffer = machine.allocate(BUFFER);
        pid = (int) machine.call(Syscall.GETPID);
        directory = open(AT_FDCWD, PATH);
        if (directory < 0) {
            throw Errno.of(directory).exception("open(" + PATH + ")", "/proc is not mounted, or not for this process");
        }
        if (!isProc() || !isOf(pid, file(pid + "/status").orElse(""))
                || !list().contains((int) machine.call(Syscall.GETTID))) {
            throw Errno.NONE.exception("read(" + PATH + ")", "/proc is of another process or pid namespace");
        }
    }

    private boolean isProc() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment told = arena.allocate(STATFS_SIZE, Long.BYTES);
            return machine.call(Syscall.FSTATFS, directory, told.address()) == 0
                    && told.get(JAVA_LONG, 0) == PROC_SUPER_MAGIC;
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
     * it is there. A further call goes on from the number of threads passed so far, and may skip one, or find nothing. So
     * the listing is clean if one call gave all, each thread passed was named, and the last of them is still there: then
     * the walk came to the end of the kernel's list, and at that moment the list held nobody that was not named.
     */
    TaskListing list() {
        machine.call(Syscall.LSEEK, directory, 0, 0);
        List<TaskListing.Entry> entries = new ArrayList<>();
        int calls = 0;
        for (long length; (length = machine.call(Syscall.GETDENTS64, directory, buffer.address(), BUFFER)) != 0;) {
            if (length < 0) {
                throw Errno.of(length).exception("getdents64(" + PATH + ")", "the threads cannot be listed");
            }
            calls++;
            entries.addAll(TaskListing.parse(bytes(length)));
        }
        long passed = machine.call(Syscall.LSEEK, directory, 0, SEEK_CUR) - DOTS;
        boolean clean = calls == 1 && passed == entries.size() && passed > 0
                && alive(entries.get(entries.size() - 1).tid());
        return new TaskListing(entries, clean);
    }

    private byte[] bytes(long length) {
        return buffer.asSlice(0, length).toArray(JAVA_BYTE);
    }

    private boolean alive(int tid) {
        return !Errno.ESRCH.is(machine.call(Syscall.TGKILL, pid, tid, 0));
    }

    TaskStat stat(int tid) {
        try {
            Optional<String> stat = file(tid + "/stat");
            return stat.isPresent() ? TaskStat.of(stat.get(), file(tid + "/status")) : TaskStat.gone();
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
            while ((length = machine.call(Syscall.READ, file, buffer.address() + end, BUFFER - end)) > 0) {
                end += length;
            }
            return length < 0 ? gone(path, length) : Optional.of(new String(bytes(end), StandardCharsets.ISO_8859_1));
        } finally {
            machine.call(Syscall.CLOSE, file);
        }
    }

    /**
     * {@return a descriptor that the tables of descriptors that are shared with the calling thread have, and no others}
     *
     * <p>Its file is one that nobody else has a reason to open: what {@code fstat} says of it tells the tables apart.
     */
    int mark(int self) {
        long file = open(directory, self + "/stat");
        if (file < 0) {
            throw Errno.of(file).exception("open(" + PATH + "/" + self + "/stat)", "a table of descriptors cannot be marked");
        }
        return (int) file;
    }

    void close(int descriptor) {
        machine.call(Syscall.CLOSE, descriptor);
    }

    /** {@return the rings of io_uring in that thread's table of descriptors; none if the thread is gone} */
    List<Integer> rings(int tid) {
        String path = tid + "/fd";
        long table = open(directory, path);
        if (table < 0) {
            gone(path, table);
            return List.of();
        }
        try {
            List<Integer> rings = new ArrayList<>();
            for (long length; (length = machine.call(Syscall.GETDENTS64, table, buffer.address(), BUFFER)) != 0;) {
                if (length < 0) {
                    gone(path, length);
                    break;
                }
                for (TaskListing.Entry descriptor : TaskListing.parse(bytes(length))) {
                    if (link(table, descriptor.tid()).equals(IO_URING)) {
                        rings.add(descriptor.tid());
                    }
                }
            }
            return rings;
        } finally {
            machine.call(Syscall.CLOSE, table);
        }
    }

    /** {@return where that descriptor leads; nothing if it was closed, as that of the listing itself is} */
    private String link(long table, int descriptor) {
        name.setString(0, Integer.toString(descriptor));
        long length = machine.call(Syscall.READLINKAT, table, name.address(), buffer.address(), BUFFER);
        if (length < 0 && !Errno.ENOENT.is(length)) {
            throw Errno.of(length).exception("readlinkat(" + PATH + ")", "a descriptor cannot be read");
        }
        return new String(bytes(Math.max(length, 0)), StandardCharsets.ISO_8859_1);
    }

    private static Optional<String> gone(String path, long result) {
        if (Errno.ENOENT.is(result) || Errno.ESRCH.is(result)) {
            return Optional.empty();
        }
        throw Errno.of(result).exception("read(" + PATH + "/" + path + ")", "the file cannot be read");
    }

    private long open(long below, String path) {
        name.setString(0, path);
        return machine.call(Syscall.OPENAT, below, name.address(), O_CLOEXEC);
    }
}
