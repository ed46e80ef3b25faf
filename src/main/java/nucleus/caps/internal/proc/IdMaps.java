package nucleus.caps.internal.proc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Errno;

/** The ids that are mapped in the user namespace of this process, user_namespaces(7). */
public final class IdMaps {

    private IdMaps() {
    }

    /** {@return the ids that this process can switch to} */
    public static UserNamespace read() {
        Optional<String> uids = ProcFiles.read("/proc/self/uid_map");
        Optional<String> gids = ProcFiles.read("/proc/self/gid_map");
        if (uids.isEmpty() || gids.isEmpty()) {
            return UserNamespace.INITIAL; // a kernel without CONFIG_USER_NS
        }
        return new UserNamespace(ranges(uids.get()), ranges(gids.get()),
                !ProcFiles.read("/proc/self/setgroups").orElse("allow").strip().equals("deny"),
                overflow("/proc/sys/kernel/overflowuid"), overflow("/proc/sys/kernel/overflowgid"));
    }

    private static long overflow(String file) {
        String text = ProcFiles.read(file).orElse("65534").strip();
        if (text.isEmpty()) {
            throw Errno.NONE.exception("read(" + file + ")", "the file is empty");
        }
        return Long.parseLong(text);
    }

    private static List<UserNamespace.Range> ranges(String map) {
        List<UserNamespace.Range> ranges = new ArrayList<>();
        for (StringTokenizer numbers = new StringTokenizer(map); numbers.hasMoreTokens();) {
            long first = Long.parseLong(numbers.nextToken());
            numbers.nextToken(); // the first id outside this namespace
            ranges.add(new UserNamespace.Range(first, Long.parseLong(numbers.nextToken())));
        }
        return ranges;
    }
}
