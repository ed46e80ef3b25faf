package nucleus.caps.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/**
 * What statx(2) tells of a file. The file is not opened.
 *
 * @param errno why it tells nothing, or {@link Errno#NONE}
 * @param mode the type and the permissions, inode(7)
 * @param uid the owner
 * @param gid the group
 * @param links the number of hard links
 * @param device the file system
 * @param fixed whether the file is immutable or append-only
 * @param mounted whether a file system is mounted here; false before Linux 5.8
 */
public record FileStatus(Errno errno, int mode, long uid, long gid, long links, long device, boolean fixed,
                         boolean mounted) {

    /** A regular file, inode(7). */
    public static final int S_IFREG = 0x8000;

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int S_IFMT = 0xF000;

    /** struct statx */
    private static final int STATX = 256;
    private static final int ATTRIBUTES = 8;
    private static final int NLINK = 16;
    private static final int UID = 20;
    private static final int GID = 24;
    private static final int MODE = 28;
    private static final int DEV_MAJOR = 136;
    private static final int DEV_MINOR = 140;
    private static final int STATX_TYPE_TO_GID = 0x1F;
    private static final long IMMUTABLE_OR_APPEND = 0x30;
    private static final long MOUNT_ROOT = 0x2000;

    /** {@return the status of a file} Follows links. */
    public static FileStatus of(Path file) {
        return of(AT_FDCWD, CString.terminated(file), 0);
    }

    /** {@return the status of a file or of a symbolic link itself} */
    public static FileStatus ofLink(Path file) {
        return of(AT_FDCWD, CString.terminated(file), AT_SYMLINK_NOFOLLOW);
    }

    /** {@return the status of the file that a descriptor refers to} */
    public static FileStatus of(int descriptor) {
        return of(descriptor, new byte[1], AT_EMPTY_PATH);
    }

    private static FileStatus of(int directory, byte[] name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statx = arena.allocate(STATX, Long.BYTES);
            MemorySegment path = arena.allocateFrom(ValueLayout.JAVA_BYTE, name);
            long result = Syscalls.call(Syscall.STATX, directory, path.address(), flags, STATX_TYPE_TO_GID, statx.address());
            return new FileStatus(Errno.of(result), Short.toUnsignedInt(statx.get(ValueLayout.JAVA_SHORT, MODE)),
                    number(statx, UID), number(statx, GID), number(statx, NLINK),
                    number(statx, DEV_MAJOR) << Integer.SIZE | number(statx, DEV_MINOR),
                    has(statx, IMMUTABLE_OR_APPEND), has(statx, MOUNT_ROOT));
        }
    }

    private static boolean has(MemorySegment statx, long attributes) {
        return (statx.get(ValueLayout.JAVA_LONG, ATTRIBUTES) & attributes) != 0;
    }

    private static long number(MemorySegment statx, int offset) {
        return Integer.toUnsignedLong(statx.get(ValueLayout.JAVA_INT, offset));
    }

    /** {@return whether the kernel answered} */
    public boolean known() {
        return errno.equals(Errno.NONE);
    }

    /** {@return whether the file is of a type, one of the S_IF constants of inode(7)} */
    public boolean is(int type) {
        return (mode & S_IFMT) == type;
    }
}
