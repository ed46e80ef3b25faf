package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
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
 * {@code /proc/self/task}. It is held open, so a later mount on /proc cannot replace it. Not thread-safe.
 *
 * <p>Bare system calls read it, because only getdents64(2) shows whether a listing is complete.
 */
final class TaskDirectory {

    /** The entries {@code .} and {@code ..}, which are no threads. */
    private static final int DOTS = 2;

    /** Room for an entry of each thread, for as many threads as a machine can have. */
    private static final long BUFFER = 1L << 23;

    private static final String IO_URING = "anon_inode:[io_uring]";
    private static final long PROC_SUPER_MAGIC = 0x9fa0;
    private static final long LONGEST_NAME = 64;
    private static final int STATFS_SIZE = 256;
    private static final String PATH = "/proc/self/task";
    private static final int AT_FDCWD = -100;
    private static final int O_CLOEXEC = 0x80000;
    private static final int SEEK_CUR = 1;
    /** Two descriptors that are not there, in case a filter fakes the success of a call. */
    private static final long NONE = -1;

    private final Machine machine;
    private final MemorySegment buffer;
    private final MemorySegment name = Arena.global().allocate(LONGEST_NAME);
    private final int pid;
    private final long directory;

    /** @throws CapsException if /proc shows another process, or belongs to another pid namespace */
    TaskDirectory(Machine machine) {
        this.machine = machine;
        buffer = machine.allocate(BUFFER);
        pid = (int) machine.call(Syscall.GETPID);
        directory = open(AT_FDCWD, PATH);
        if (directory < 0) {
            throw Errno.of(directory).exception("open(" + PATH + ")", "/proc is not mounted, or it belongs to another pid"
                    + " namespace");
        }
        if (!isProc() || !isOf(pid, file(pid + "/status").orElse(""))
                || !list().contains((int) machine.call(Syscall.GETTID))) {
            throw Errno.NONE.exception("read(" + PATH + ")", "/proc belongs to another process or pid namespace");
        }
    }

    private boolean isProc() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment told = arena.allocate(STATFS_SIZE, Long.BYTES);
            return machine.call(Syscall.FSTATFS, directory, told.address()) == 0
                    && told.get(JAVA_LONG, 0) == PROC_SUPER_MAGIC;
        }
    }

    /** NSpid lists the pid in each pid namespace from that of /proc to that of the process. A single pid means one namespace. */
    static boolean isOf(int pid, String status) {
        return status.contains("\nNSpid:\t" + pid + "\n");
    }

    int pid() {
        return pid;
    }

    /**
     * Lists the threads once. The kernel walks its list from the oldest thread to the youngest. It stops early if the thread
     * that it has reached ends. A further call continues after the number of threads passed so far, and may skip a thread or
     * find none. The listing is therefore clean if one call returned all entries, named each thread that it passed, and the
     * last of these still exists. In this case the walk reached the end of the kernel's list, and at that moment the list
     * held no thread that is not named.
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
            return alive(tid) ? TaskStat.unknown() : TaskStat.gone(); // for example too many open files
        }
    }

    /** {@return the content of a file in this directory, or empty if its thread has ended} */
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

    /** {@return a new descriptor of a pipe} No descriptor from before has the same pipe, in any table. */
    int mark() {
        buffer.setAtIndex(JAVA_LONG, 0, NONE);
        long result = machine.call(Syscall.PIPE2, buffer.address(), O_CLOEXEC);
        if (result < 0) {
            throw Errno.of(result).exception("pipe2()", "the descriptor table of the calling thread cannot be marked");
        }
        int mark = buffer.getAtIndex(JAVA_INT, 0);
        close(buffer.getAtIndex(JAVA_INT, 1));
        return mark;
    }

    void close(int descriptor) {
        machine.call(Syscall.CLOSE, descriptor);
    }

    /** {@return the io_uring descriptors in the thread's descriptor table; none if the thread has ended} */
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
                    if (link(table, Integer.toString(descriptor.tid())).equals(IO_URING)) {
                        rings.add(descriptor.tid());
                    }
                }
            }
            return rings;
        } finally {
            machine.call(Syscall.CLOSE, table);
        }
    }

    /** {@return the file of one descriptor in the thread's descriptor table, or an empty text if there is no such descriptor} */
    String file(int tid, int descriptor) {
        return link(directory, tid + "/fd/" + descriptor);
    }

    private String link(long below, String path) {
        name.setString(0, path);
        long length = machine.call(Syscall.READLINKAT, below, name.address(), buffer.address(), BUFFER);
        if (length < 0 && !Errno.ENOENT.is(length) && !Errno.ESRCH.is(length)) {
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
