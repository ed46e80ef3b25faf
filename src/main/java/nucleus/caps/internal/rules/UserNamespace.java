package nucleus.caps.internal.rules;

import java.util.List;

/**
 * What user_namespaces(7) lets a process become.
 *
 * @param uids the uids that are mapped
 * @param gids the gids that are mapped
 * @param setgroupsAllowed whether setgroups(2) may be called at all
 * @param overflowUid what the kernel shows for every uid that is not mapped
 * @param overflowGid the same for a gid
 */
public record UserNamespace(List<Range> uids, List<Range> gids, boolean setgroupsAllowed, long overflowUid,
                            long overflowGid) {

    private static final long OVERFLOW = 65534;

    /** The namespace that a machine starts with: every id is mapped. */
    public static final UserNamespace INITIAL = new UserNamespace(
            List.of(new Range(0, 0xFFFF_FFFFL)), List.of(new Range(0, 0xFFFF_FFFFL)), true);

    /** A namespace where the overflow ids are the usual ones. */
    public UserNamespace(List<Range> uids, List<Range> gids, boolean setgroupsAllowed) {
        this(uids, gids, setgroupsAllowed, OVERFLOW, OVERFLOW);
    }

    /**
     * Ids that follow one another.
     *
     * @param first the first
     * @param count how many
     */
    public record Range(long first, long count) {
        boolean contains(long id) {
            return id >= first && id - first < count;
        }
    }

    /** Whether that id, where the kernel shows it, may be any that is not mapped: it does not say which. */
    public boolean hidesUid(long uid) {
        return uid == overflowUid && !uids.equals(INITIAL.uids());
    }

    /** As {@link #hidesUid}, for a group. */
    public boolean hidesGid(long gid) {
        return gid == overflowGid && !gids.equals(INITIAL.gids());
    }

    public boolean mapsUid(long uid) {
        return contains(uids, uid);
    }

    public boolean mapsGid(long gid) {
        return contains(gids, gid);
    }

    private static boolean contains(List<Range> ranges, long id) {
        for (Range range : ranges) {
            if (range.contains(id)) {
                return true;
            }
        }
        return false;
    }
}
