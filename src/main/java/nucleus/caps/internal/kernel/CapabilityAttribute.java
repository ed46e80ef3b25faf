package nucleus.caps.internal.kernel;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Optional;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** The bytes of {@code security.capability} of a file, xattr(7). A final symbolic link is not followed. */
public final class CapabilityAttribute {

    private static final String NAME = "security.capability";

    /** More than any version of it is long. */
    private static final long ROOM = 64;

    private CapabilityAttribute() {
    }

    /** A call of which the path and the name are the first two arguments. */
    private interface Operation {
        Call on(long path, long name);
    }

    /** {@return the bytes, or nothing where there are none or the file system knows no such attribute} */
    public static Optional<byte[]> read(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ROOM);
            long result = call(file, (path, name) ->
                    Call.of(Syscall.LGETXATTR, path, name, value.address(), ROOM));
            if (result == -Errno.ENODATA.number() || result == -Errno.EOPNOTSUPP.number()) {
                return Optional.empty();
            }
            required(result, "lgetxattr", file);
            return Optional.of(value.asSlice(0, result).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    public static void write(Path file, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
            required(call(file, (path, name) ->
                    Call.of(Syscall.LSETXATTR, path, name, value.address(), bytes.length, 0)), "lsetxattr", file);
        }
    }

    /** {@return whether there was one} */
    public static boolean remove(Path file) {
        long result = call(file, (path, name) -> Call.of(Syscall.LREMOVEXATTR, path, name));
        if (result == -Errno.ENODATA.number()) {
            return false;
        }
        required(result, "lremovexattr", file);
        return true;
    }

    private static long call(Path file, Operation operation) {
        byte[] path = bytes(file);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment terminated = arena.allocate(path.length + 1L);
            MemorySegment.copy(path, 0, terminated, ValueLayout.JAVA_BYTE, 0, path.length);
            return Syscalls.call(operation.on(terminated.address(),
                    arena.allocateFrom(NAME).address()));
        }
    }

    private static void required(long result, String call, Path file) {
        if (result < 0) {
            Errno errno = Errno.of(result);
            throw errno.exception(call + "(" + file + ", " + NAME + ")", rule(errno));
        }
    }

    private static String rule(Errno errno) {
        return switch (errno.name()) {
            case "EPERM" -> "needs CAP_SETFCAP in the effective set";
            case "ENOENT" -> "there is no such file";
            case "EINVAL" -> "the kernel takes it for malformed, and shows nothing of it";
            case "ERANGE" -> "it is longer than any capabilities are";
            case "EOVERFLOW" -> "its root uid has no mapping in this user namespace";
            case "EOPNOTSUPP" -> "the file system keeps no such attribute";
            default -> "the kernel refused it";
        };
    }

    /**
     * {@return the name as the kernel knows it} A Path keeps it, but shows it decoded; only its URI has every byte. To
     * that of a directory, also of a link to one, a slash is added, and with it a link would be followed.
     */
    private static byte[] bytes(Path file) {
        if (file.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("not of the default file system: " + file);
        }
        String encoded = file.toUri().getRawPath();
        int end = encoded.length() > 1 && encoded.endsWith("/") ? encoded.length() - 1 : encoded.length();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < end; i++) {
            if (encoded.charAt(i) == '%') {
                bytes.write(Integer.parseInt(encoded, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(encoded.charAt(i));
            }
        }
        return bytes.toByteArray();
    }
}
