package nucleus.caps.internal.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/** The text of a {@code status} file, proc_pid_status(5). A missing line is an error, never a default. */
final class StatusFile {

    private final String file;
    private final String text;
    /** The start of the line that was read last. Callers read the lines in the kernel's order, so one pass finds them. */
    private int cursor;

    /**
     * Wraps the text of a file.
     *
     * @param file the path, for errors
     * @param text the content
     */
    StatusFile(String file, String text) {
        this.file = file;
        this.text = "\n" + text;
    }

    String text() {
        return text.substring(1);
    }

    ThreadStatus threadStatus() {
        String name = value("Name");
        int tid = Integer.parseInt(value("Pid"));
        Ids uids = ids("Uid");
        Ids gids = ids("Gid");
        List<Long> groups = groups();
        CapabilitySet inheritable = set("CapInh");
        CapabilitySet permitted = set("CapPrm");
        CapabilitySet effective = set("CapEff");
        CapabilitySet bounding = set("CapBnd");
        CapabilitySet ambient = set("CapAmb");
        boolean noNewPrivs = value("NoNewPrivs").equals("1");
        return new ThreadStatus(tid, name, new Credentials(new CapabilitySets(bounding, permitted, effective, inheritable,
                ambient), uids, gids, groups, noNewPrivs, Optional.empty()));
    }

    /** The seccomp filters of the thread. */
    Filters filters() {
        return new Filters(Integer.parseInt(value("Seccomp")),
                text.contains("\nSeccomp_filters:") ? Integer.parseInt(value("Seccomp_filters")) : Filters.UNKNOWN);
    }

    /** Whether the thread has ended. A zombie still shows its old credentials, and cannot use them. */
    boolean ended() {
        return value("State").startsWith("Z") || value("State").startsWith("X");
    }

    /** {@return the number of threads in the process} */
    int threads() {
        return Integer.parseInt(value("Threads"));
    }

    long realUid() {
        return ids("Uid").real();
    }

    int threadGroup() {
        return Integer.parseInt(value("Tgid"));
    }

    long signalMask() {
        return Long.parseUnsignedLong(value("SigBlk"), 16);
    }

    int parent() {
        return Integer.parseInt(value("PPid"));
    }

    /** Whether it is a kernel thread. Older kernels show only that it has no memory, as for a thread that is about to end. */
    boolean ofKernel() {
        return text.contains("\nKthread:") ? value("Kthread").equals("1") : !text.contains("\nVmSize:");
    }

    private CapabilitySet set(String key) {
        return CapabilitySet.ofMask(value(key));
    }

    private Ids ids(String key) {
        String[] ids = value(key).split("\t", -1);
        return new Ids(Long.parseLong(ids[0]), Long.parseLong(ids[1]), Long.parseLong(ids[2]), Long.parseLong(ids[3]));
    }

    private List<Long> groups() {
        List<Long> groups = new ArrayList<>();
        String list = value("Groups");
        if (!list.isEmpty()) {
            for (String group : list.split(" ", -1)) {
                groups.add(Long.valueOf(group));
            }
        }
        return groups;
    }

    private String value(String key) {
        String label = "\n" + key + ":";
        int at = text.indexOf(label, cursor);
        if (at < 0) {
            at = text.indexOf(label);
        }
        if (at < 0) {
            throw Errno.NONE.exception("read(" + file + ")", "the file has no line \"" + key
                    + "\": Linux 4.11 or newer with its own /proc is required");
        }
        cursor = at;
        int begin = at + label.length();
        int end = text.indexOf('\n', begin);
        return text.substring(begin, end < 0 ? text.length() : end).strip();
    }
}
