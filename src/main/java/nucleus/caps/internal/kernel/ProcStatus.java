package nucleus.caps.internal.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.ThreadStatus;
import nucleus.caps.ThreadStatus.Ids;

/**
 * The text of a {@code status} file, proc_pid_status(5). A line that is missing is an error, never a default.
 *
 * @param file where it came from
 * @param text what it says
 */
record ProcStatus(String file, String text) {

    ThreadStatus threadStatus() {
        CapabilitySets sets = new CapabilitySets(set("CapBnd"), set("CapPrm"), set("CapEff"), set("CapInh"),
                set("CapAmb"));
        return new ThreadStatus(Integer.parseInt(value("Pid")), value("Name"), sets,
                value("NoNewPrivs").equals("1"), ids("Uid"), ids("Gid"), groups(), Optional.empty());
    }

    /** Whether it has ended: a zombie still shows what it once held, and can use none of it. */
    boolean ended() {
        return value("State").startsWith("Z") || value("State").startsWith("X");
    }

    int threadGroup() {
        return Integer.parseInt(value("Tgid"));
    }

    private CapabilitySet set(String key) {
        return CapabilitySet.ofMask(value(key));
    }

    private Ids ids(String key) {
        long[] ids = Arrays.stream(value(key).split("\\s+")).mapToLong(Long::parseLong).toArray();
        return new Ids(ids[0], ids[1], ids[2], ids[3]);
    }

    private List<Long> groups() {
        String groups = value("Groups");
        return groups.isEmpty() ? List.of() : Arrays.stream(groups.split("\\s+")).map(Long::valueOf).toList();
    }

    private String value(String key) {
        String label = key + ":";
        int at = text.startsWith(label) ? 0 : text.indexOf("\n" + label) + 1;
        if (!text.startsWith(label, at)) {
            throw Refusals.of("read(" + file + ")", Errno.NONE, "the file has no line \"" + key
                    + "\": this needs Linux 4.10 or newer with its own /proc");
        }
        int end = text.indexOf('\n', at);
        return text.substring(at + label.length(), end < 0 ? text.length() : end).strip();
    }
}
