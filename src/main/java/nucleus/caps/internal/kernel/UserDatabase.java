package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.ffi.linux_caps_h.getgrouplist;
import static nucleus.caps.internal.ffi.linux_caps_h.getpwnam_r;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.Identity;
import nucleus.caps.internal.ffi.passwd;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.Downcall;
import nucleus.caps.internal.sys.Errno;

/** The users and groups of the C library, with every source that nsswitch.conf(5) names. */
public final class UserDatabase {

    /** LOGIN_NAME_MAX of Linux, with the terminating zero. */
    private static final int LONGEST_NAME = 256;
    private static final int LARGEST_BUFFER = 1 << 24;
    private static final String PATH = "/usr/local/bin:/bin:/usr/bin";
    private static final String ROOT_PATH = "/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin";

    /** struct group of getgrnam(3): a name, a password, the gid, and the members. The bindings do not have it. */
    private static final long GROUP_SIZE = 4L * Long.BYTES;
    private static final long GR_GID = 2L * Long.BYTES;

    private static final Downcall GETPWUID_R = Downcall.ofInt("getpwuid_r");
    private static final Downcall GETGRNAM_R = Downcall.ofInt("getgrnam_r");

    private UserDatabase() {
    }

    /** {@return the name of a user, or empty if no user has that uid} */
    public static Optional<String> nameOf(long uid) {
        try (Arena arena = Arena.ofConfined()) {
            return entry(arena, uid).map(user -> text(passwd.pw_name(user)));
        }
    }

    /** {@return the home directory of a user, or empty if no user has that uid} */
    public static Optional<String> homeOf(long uid) {
        try (Arena arena = Arena.ofConfined()) {
            return entry(arena, uid).map(user -> text(passwd.pw_dir(user)));
        }
    }

    /** {@return the variables that a login of that user sets} */
    public static Map<String, String> environment(long uid) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment user = entry(arena, uid)
                    .orElseThrow(() -> Errno.NONE.exception(ofUid(uid), "no user has this uid"));
            String name = text(passwd.pw_name(user));
            String shell = text(passwd.pw_shell(user));
            return Map.of("HOME", text(passwd.pw_dir(user)), "SHELL", shell.isEmpty() ? "/bin/sh" : shell, "USER", name,
                    "LOGNAME", name, "PATH", uid == 0 ? ROOT_PATH : PATH);
        }
    }

    private static String ofUid(long uid) {
        return "getpwuid_r(" + uid + ")";
    }

    private static Optional<MemorySegment> entry(Arena arena, long uid) {
        MemorySegment state = arena.allocate(Downcall.state());
        return entry(arena, passwd.sizeof(), ofUid(uid),
                (entry, buffer, found) -> (int) GETPWUID_R.call(state, uid, entry.address(),
                        buffer.address(), buffer.byteSize(), found.address(), 0, 0));
    }

    private static String text(MemorySegment pointer) {
        return pointer.equals(MemorySegment.NULL) ? ""
                : CString.text(pointer.reinterpret(LARGEST_BUFFER).getString(0, StandardCharsets.ISO_8859_1)
                        .getBytes(StandardCharsets.ISO_8859_1));
    }

    /** {@return the user with all groups that a login gives it, initgroups(3)} */
    public static Identity lookUp(String user) {
        byte[] name = checked("user", user);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment terminated = arena.allocateFrom(JAVA_BYTE, name);
            MemorySegment entry = passwd(arena, terminated, user);
            int gid = passwd.pw_gid(entry);
            long[] groups = Arrays.stream(groups(arena, terminated, gid)).mapToLong(Integer::toUnsignedLong).toArray();
            try {
                return Identity.of(Integer.toUnsignedLong(passwd.pw_uid(entry)), Integer.toUnsignedLong(gid), groups);
            } catch (IllegalArgumentException e) {
                throw Errno.NONE.exception(ofUser(user), "the entry cannot be used: " + e.getMessage());
            }
        }
    }

    /** {@return the gid of a group} */
    public static long lookUpGroup(String group) {
        byte[] name = checked("group", group);
        String call = "getgrnam_r(\"" + group + "\")";
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Downcall.state());
            MemorySegment terminated = arena.allocateFrom(JAVA_BYTE, name);
            MemorySegment entry = entry(arena, GROUP_SIZE, call, (found, buffer, result) -> (int) GETGRNAM_R.call(state,
                    terminated.address(), found.address(), buffer.address(), buffer.byteSize(), result.address(), 0, 0))
                    .orElseThrow(() -> Errno.NONE.exception(call, "there is no such group"));
            long gid = Integer.toUnsignedLong(entry.get(JAVA_INT, GR_GID));
            if (gid > Identity.MAX_ID) {
                throw Errno.NONE.exception(call, "the entry cannot be used: its gid is " + gid);
            }
            return gid;
        }
    }

    /** {@return the name of a user or group, terminated by zero} */
    private static byte[] checked(String what, String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not the name of a " + what + ": \"" + name.replace("\0", "\\0") + "\"");
        }
        byte[] terminated = CString.terminated(name);
        if (terminated.length > LONGEST_NAME) { // the C library puts a name on the stack, and a long one ends the JVM
            throw new IllegalArgumentException("the name of a " + what + " has at most " + (LONGEST_NAME - 1) + " bytes, not "
                    + (terminated.length - 1));
        }
        return terminated;
    }

    private static String ofUser(String user) {
        return "getpwnam_r(\"" + user + "\")";
    }

    private static MemorySegment passwd(Arena arena, MemorySegment name, String user) {
        String call = ofUser(user);
        return entry(arena, passwd.sizeof(), call,
                (entry, buffer, found) -> getpwnam_r(name, entry, buffer, buffer.byteSize(), found))
                .orElseThrow(() -> Errno.NONE.exception(call, "there is no such user"));
    }

    /** Looks up an entry, and returns the error. */
    private interface Lookup {
        int in(MemorySegment entry, MemorySegment buffer, MemorySegment found);
    }

    private static Optional<MemorySegment> entry(Arena arena, long bytes, String call, Lookup lookup) {
        MemorySegment entry = arena.allocate(bytes, Long.BYTES);
        MemorySegment found = arena.allocate(ADDRESS);
        for (int size = 1 << 12; size <= LARGEST_BUFFER; size *= 2) {
            int error = lookup.in(entry, arena.allocate(size), found);
            if (error == Errno.ERANGE.number()) {
                continue;
            }
            if (error != 0) {
                throw new Errno(error).exception(call, "the user database returned an error");
            }
            return found.get(ADDRESS, 0).equals(MemorySegment.NULL) ? Optional.empty() : Optional.of(entry);
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
