package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.ffi.linux_caps_h.getgrouplist;
import static nucleus.caps.internal.ffi.linux_caps_h.getpwnam_r;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import nucleus.caps.Identity;
import nucleus.caps.internal.ffi.passwd;
import nucleus.caps.internal.sys.Errno;

/** The user database of the C library, with every source that nsswitch.conf(5) names. */
public final class UserDatabase {

    private static final int LARGEST_BUFFER = 1 << 24;

    private UserDatabase() {
    }

    /** {@return the user with all groups that a login gives it, initgroups(3)} */
    public static Identity lookUp(String user) {
        if (user.isEmpty() || user.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not the name of a user: \"" + user.replace("\0", "\\0") + "\"");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocateFrom(user);
            MemorySegment entry = passwd(arena, name, user);
            int gid = passwd.pw_gid(entry);
            long[] groups = Arrays.stream(groups(arena, name, gid)).mapToLong(Integer::toUnsignedLong).toArray();
            long uid = Integer.toUnsignedLong(passwd.pw_uid(entry));
            return Identity.of(uid, Integer.toUnsignedLong(gid), groups);
        }
    }

    private static MemorySegment passwd(Arena arena, MemorySegment name, String user) {
        String call = "getpwnam_r(\"" + user + "\")";
        MemorySegment entry = passwd.allocate(arena);
        MemorySegment found = arena.allocate(ADDRESS);
        for (int size = 1 << 12; size <= LARGEST_BUFFER; size *= 2) {
            int error = getpwnam_r(name, entry, arena.allocate(size), size, found);
            if (error == Errno.ERANGE.number()) {
                continue;
            }
            if (error == 0 && found.get(ADDRESS, 0).equals(MemorySegment.NULL)) {
                throw Errno.NONE.exception(call, "there is no such user");
            }
            if (error != 0) {
                throw new Errno(error).exception(call, "the user database did not answer");
            }
            return entry;
        }
        throw Errno.ERANGE.exception(call, "the entry is longer than " + LARGEST_BUFFER + " bytes");
    }

    private static int[] groups(Arena arena, MemorySegment name, int gid) {
        MemorySegment count = arena.allocate(JAVA_INT);
        for (int room = 64; room <= 2 * Identity.MAX_GROUPS; room *= 2) {
            MemorySegment list = arena.allocate(JAVA_INT, room);
            count.set(JAVA_INT, 0, room);
            if (getgrouplist(name, gid, list, count) >= 0) {
                return list.asSlice(0, (long) count.get(JAVA_INT, 0) * Integer.BYTES).toArray(JAVA_INT);
            }
        }
        throw Errno.ERANGE.exception("getgrouplist()", "the user is in more than " + Identity.MAX_GROUPS
                + " groups");
    }
}
