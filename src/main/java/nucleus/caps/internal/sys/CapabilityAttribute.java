package nucleus.caps.internal.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The bytes of a file's attribute {@code security.capability}, xattr(7). */
public final class CapabilityAttribute {

    private static final String NAME = "security.capability";

    /** More bytes than any version of the attribute has. */
    private static final long ROOM = 64;

    private CapabilityAttribute() {
    }

    /** A call whose first two arguments are the path and the name. */
    private interface Operation {
        Call on(long path, long name);
    }

    /** {@return the bytes, or empty if the file has none or the file system stores none} Does not follow a final link. */
    public static Optional<byte[]> read(Path file) {
        return read(file, Syscall.LGETXATTR, List.of(Errno.ENODATA, Errno.EOPNOTSUPP));
    }

    /** {@return the bytes as execve(2) reads them} Follows links. Ignores bytes whose root uid is not mapped here. */
    public static Optional<byte[]> readAsExecve(Path file) {
        return read(file, Syscall.GETXATTR, List.of(Errno.ENODATA, Errno.EOPNOTSUPP, Errno.EOVERFLOW));
    }

    private static Optional<byte[]> read(Path file, Syscall syscall, List<Errno> absent) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ROOM);
            long result = call(file, (path, name) -> Call.of(syscall, path, name, value.address(), ROOM));
            if (absent.contains(Errno.of(result))) {
                return Optional.empty();
            }
            required(result, syscall, file);
            return Optional.of(value.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    /** Writes the bytes. Does not follow a final symbolic link. */
    public static void write(Path file, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            required(call(file, (path, name) -> Call.of(Syscall.LSETXATTR, path, name, value.address(), bytes.length, 0)),
                    Syscall.LSETXATTR, file);
        }
    }

    /** {@return whether the file had the attribute} */
    public static boolean remove(Path file) {
        long result = call(file, (path, name) -> Call.of(Syscall.LREMOVEXATTR, path, name));
        if (Errno.ENODATA.is(result)) {
            return false;
        }
        required(result, Syscall.LREMOVEXATTR, file);
        return true;
    }

    private static long call(Path file, Operation operation) {
        try (Arena arena = Arena.ofConfined()) {
            return Syscalls.call(operation.on(arena.allocateFrom(ValueLayout.JAVA_BYTE, CString.terminated(file)).address(),
                    arena.allocateFrom(NAME).address()));
        }
    }

    private static void required(long result, Syscall syscall, Path file) {
        if (result < 0) {
            Errno errno = Errno.of(result);
            boolean change = syscall == Syscall.LSETXATTR || syscall == Syscall.LREMOVEXATTR;
            throw errno.exception(syscall.name().toLowerCase(Locale.ROOT) + "(" + file + ", " + NAME + ")",
                    Cause.ofCapabilities(file, change, errno));
        }
    }
}
