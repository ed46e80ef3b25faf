package nucleus.caps.internal.rules;

import java.util.List;

/**
 * The ids that a process can switch to in its user namespace, user_namespaces(7).
 *
 * @param uids the uids that are mapped
 * @param gids the gids that are mapped
 * @param setgroupsAllowed whether setgroups(2) may be called at all
 * @param overflowUid the uid that the kernel shows for every unmapped uid
 * @param overflowGid the gid that the kernel shows for every unmapped gid
 */
public record UserNamespace(List<Range> uids, List<Range> gids, boolean setgroupsAllowed, long overflowUid,
                            long overflowGid) {

    private static final long OVERFLOW = 65534;

    /** The initial user namespace: every id is mapped. */
    public static final UserNamespace INITIAL = new UserNamespace(
            List.of(new Range(0, 0xFFFF_FFFFL)), List.of(new Range(0, 0xFFFF_FFFFL)), true);

    /** A namespace with the default overflow ids. */
    public UserNamespace(List<Range> uids, List<Range> gids, boolean setgroupsAllowed) {
        this(uids, gids, setgroupsAllowed, OVERFLOW, OVERFLOW);
    }

    /**
     * A range of consecutive ids.
     *
     * @param first the first id
     * @param count the number of ids
     */
    public record Range(long first, long count) {
        boolean contains(long id) {
            return id >= first && id - first < count;
        }
    }

    /** Whether this uid, as the kernel shows it, can stand for any unmapped uid. */
    public boolean hidesUid(long uid) {
        return uid == overflowUid && !uids.equals(INITIAL.uids());
    }

    /** Whether this gid, as the kernel shows it, can stand for any unmapped gid. */
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
