package nucleus.caps;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The identity that a thread switches to: a user, a group, and exactly these supplementary groups.
 *
 * <p>Ids are unsigned 32-bit numbers held in a {@code long}. The largest, 4294967295, is refused: the kernel reads it as
 * "unchanged", so a switch to it reports success and changes nothing.
 *
 * @param uid the real, effective, saved and file system user id
 * @param gid the real, effective, saved and file system group id
 * @param groups the supplementary groups: all of them, sorted, each once
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 */
public record Identity(long uid, long gid, List<Long> groups) {

    /** The largest valid id. */
    public static final long MAX_ID = 0xFFFF_FFFEL;

    /** The largest number of supplementary groups: NGROUPS_MAX. */
    public static final int MAX_GROUPS = 65536;

    /**
     * Sorts the groups and removes duplicates.
     *
     * @throws IllegalArgumentException if an id is not within 0 to {@link #MAX_ID}, or there are too many groups
     */
    public Identity {
        checkId("uid", uid);
        checkId("gid", gid);
        groups = List.copyOf(new TreeSet<>(groups));
        for (long group : groups) {
            checkId("group", group);
        }
        if (groups.size() > MAX_GROUPS) {
            throw new IllegalArgumentException("a thread has at most " + MAX_GROUPS + " groups, not " + groups.size());
        }
    }

    /**
     * {@return an identity with those supplementary groups, and no others}
     *
     * @param uid the user id
     * @param gid the group id
     * @param groups the supplementary groups; without groups, the thread has none
     * @throws IllegalArgumentException if an id is not within 0 to {@link #MAX_ID}
     */
    public static Identity of(long uid, long gid, long... groups) {
        List<Long> list = new ArrayList<>();
        for (long group : groups) {
            list.add(group);
        }
        return new Identity(uid, gid, list);
    }

    /** {@return whether the uid, the gid or a supplementary group is 0, which is root even without capabilities} */
    public boolean isRoot() {
        return uid == 0 || gid == 0 || groups.contains(0L);
    }

    private static void checkId(String what, long id) {
        if (id < 0 || id > MAX_ID) {
            throw new IllegalArgumentException(what + " must be 0 to " + MAX_ID + ", not " + id
                    + (id == MAX_ID + 1 ? "; the kernel reads this number as \"unchanged\"" : ""));
        }
    }

    /** {@return the ids in one line} */
    @Override
    public String toString() {
        return "uid " + uid + ", gid " + gid + ", groups " + groups;
    }
}
