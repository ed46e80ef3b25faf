package nucleus.caps.internal.proc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/** Reads the states of threads from /proc. It changes nothing and needs no privilege. */
public final class Proc {

    private static final String TASKS = "/proc/self/task/";
    /** {@code /proc/self/fd} belongs to the main thread, and is empty if that thread has ended before the others. */
    private static final String DESCRIPTORS = "/proc/thread-self/fd/";
    private static final String STATUS = "/status";
    private static final String SELF = "/proc/thread-self" + STATUS;
    private static final Object GONE = new Object();
    private static final int LOOKS = 1_000;

    private Proc() {
    }

    /** {@return the calling thread, or the carrier of a virtual thread} */
    public static ThreadStatus callingThread() {
        return JavaNames.noted(status(SELF).threadStatus());
    }

    /** {@return a thread of any process, by its id} A zombie counts as ended, although /proc still shows its state. */
    public static ThreadStatus thread(long tid) {
        StatusFile status = existing("thread", tid);
        if (status.ended()) {
            throw Errno.ESRCH.exception("read(/proc/" + tid + STATUS + ")", "thread " + tid + " has ended");
        }
        return status.threadStatus();
    }

    /** {@return the main thread of a process} */
    public static ThreadStatus process(long pid) {
        StatusFile status = existing("process", pid);
        if (status.threadGroup() != pid) {
            throw Errno.ESRCH.exception("read(/proc/" + pid + STATUS + ")",
                    pid + " is a thread of process " + status.threadGroup() + ", not a process");
        }
        return status.threadStatus();
    }

    /** {@return a thread of this process, or empty if it has ended; its securebits are unknown} */
    public static Optional<ThreadStatus> task(int tid) {
        return task(TASKS + tid + STATUS);
    }

    /** {@return the thread that the text of its status file describes, or empty if it has ended} */
    public static Optional<ThreadStatus> task(int tid, String text) {
        return told(living(new StatusFile(TASKS + tid + STATUS, text)));
    }

    /** {@return the seccomp filters of the calling thread} */
    public static Filters filters() {
        return status(SELF).filters();
    }

    /** {@return the status file of the calling thread, by its id} */
    public static Map<Integer, String> statusFile() {
        StatusFile own = status(SELF);
        return Map.of(own.threadStatus().tid(), own.text());
    }

    /** {@return the seccomp filters of the thread that the text of its status file describes} */
    public static Filters filters(int tid, String text) {
        return new StatusFile(TASKS + tid + STATUS, text).filters();
    }

    private static Optional<ThreadStatus> task(String file) {
        return told(living(file));
    }

    private static Optional<ThreadStatus> told(Optional<StatusFile> status) {
        return status.isEmpty() ? Optional.empty() : Optional.of(status.get().threadStatus());
    }

    /** {@return a status file, or empty if its thread has ended} */
    static Optional<StatusFile> living(String file) {
        Optional<String> text = ProcFiles.read(file);
        return text.isEmpty() ? Optional.empty() : living(new StatusFile(file, text.get()));
    }

    private static Optional<StatusFile> living(StatusFile status) {
        return status.ended() ? Optional.empty() : Optional.of(status);
    }

    /** {@return the blocked signals of the main thread, proc_pid_status(5); signal N is bit N-1} */
    public static long signalMaskOfMainThread() {
        return status("/proc/self" + STATUS).signalMask();
    }

    /** {@return the open descriptors of this process, and those of the listing, which are closed by now} */
    public static List<Integer> descriptors() {
        return ProcFiles.list(DESCRIPTORS).stream().map(Integer::valueOf).toList();
    }

    /**
     * {@return the directory where other processes find the descriptors of this process} The kernel compares another process
     * with the calling thread there. In {@code /proc/PID} it compares it with the main thread.
     */
    public static String descriptorsForOthers() {
        String task = ProcFiles.link("/proc/thread-self");
        if (task.isEmpty()) {
            throw Errno.ENOENT.exception("readlink(/proc/thread-self)",
                    "/proc is not mounted, or it belongs to another pid namespace");
        }
        if (!task.startsWith(ProcessHandle.current().pid() + "/")) {
            throw Errno.NONE.exception("readlink(/proc/thread-self)", "/proc belongs to another pid namespace");
        }
        return "/proc/" + task.substring(task.lastIndexOf('/') + 1) + "/fd/";
    }

    /**
     * {@return every thread of this process that has not ended; their securebits are unknown}
     *
     * <p>All threads are read before one moment at which no other thread is alive. At that moment the kernel counts as many
     * threads as were listed, and each listed thread has the same identity before and after it.
     *
     * @throws CapsException if threads start and end faster than they can be read
     */
    public static List<ThreadStatus> threads() {
        return threads(ProcFiles::names);
    }

    static List<ThreadStatus> threads(ProcFiles.Names names) {
        for (int look = 0; look < LOOKS; look++) {
            Map<String, Object> listed = new LinkedHashMap<>();
            List<ThreadStatus> threads = new ArrayList<>();
            for (String tid : ProcFiles.list(TASKS, names)) {
                listed.put(tid, identity(tid));
                task(TASKS + tid + STATUS).ifPresent(threads::add);
            }
            int count = status(SELF).threads();
            if (listed.size() == count && listed.entrySet().stream()
                    .allMatch(entry -> entry.getValue().equals(identity(entry.getKey())) && !entry.getValue().equals(GONE))) {
                return threads;
            }
        }
        throw Errno.NONE.exception("read(/proc/self/task)", "threads start and end faster than they can be read");
    }

    /** A thread that reuses the id of another thread has a new directory. */
    private static Object identity(String tid) {
        try {
            return Files.readAttributes(Path.of(TASKS + tid), BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return GONE;
        }
    }

    /** {@return the number of threads with that real uid, without those of one process} Counts what /proc shows. */
    public static long threadsOf(long uid, long without) {
        long count = 0;
        for (String name : ProcFiles.list("/proc")) {
            if (Character.isDigit(name.charAt(0)) && !name.equals(Long.toString(without))) {
                String file = "/proc/" + name + "/status";
                Optional<StatusFile> status = living(file);
                if (status.isPresent() && status.get().realUid() == uid) {
                    count += status.get().threads();
                }
            }
        }
        return count;
    }

    private static StatusFile existing(String what, long id) {
        String file = "/proc/" + id + "/status";
        if (id <= 0) {
            throw Errno.EINVAL.exception("open(" + file + ")", "the id of a " + what + " must be positive");
        }
        Hidden.refuse(what, id);
        return ProcFiles.read(file).map(text -> new StatusFile(file, text))
                .orElseThrow(() -> Errno.ESRCH.exception("open(" + file + ")", "there is no " + what + " " + id));
    }

    private static StatusFile status(String file) {
        return new StatusFile(file, ProcFiles.read(file)
                .orElseThrow(() -> Errno.ESRCH.exception("open(" + file + ")", "/proc is not mounted, or it belongs to another"
                        + " pid namespace")));
    }
}
