package nucleus.caps.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * What statx(2) tells of a file. The file is not opened.
 *
 * @param errno why it tells nothing, or {@link Errno#NONE}
 * @param uid the owner
 * @param gid the group
 * @param fixed whether the file is immutable or append-only
 */
public record FileStatus(Errno errno, long uid, long gid, boolean fixed) {

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** struct statx */
    private static final int STATX = 256;
    private static final int ATTRIBUTES = 8;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int STATX_UID_AND_GID = 0x18;
    private static final long IMMUTABLE_OR_APPEND = 0x30;

    /** {@return the status of a file} Follows links. */
    public static FileStatus of(Path file) {
        return of(file, 0);
    }

    /** {@return the status of a file or of a symbolic link itself} */
    static FileStatus ofLink(Path file) {
        return of(file, AT_SYMLINK_NOFOLLOW);
    }

    private static FileStatus of(Path file, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(STATX, Long.BYTES);
            MemorySegment name = arena.allocateFrom(ValueLayout.JAVA_BYTE, CString.terminated(file));
            long result = Syscalls.call(Syscall.STATX, AT_FDCWD, name.address(), flags, STATX_UID_AND_GID, statx.address());
            return new FileStatus(Errno.of(result), Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, UID)),
                    Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, GID)),
                    (statx.get(ValueLayout.JAVA_LONG, ATTRIBUTES) & IMMUTABLE_OR_APPEND) != 0);
        }
    }
}
