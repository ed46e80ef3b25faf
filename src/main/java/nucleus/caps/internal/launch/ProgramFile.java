package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.internal.sys.CString;
import nucleus.caps.internal.sys.CapabilityAttribute;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;
import nucleus.caps.internal.sys.VfsCapData;

/**
 * The privileges that a file gives when it is executed, capabilities(7) and execve(2). A script gives the privileges of its
 * {@link Interpreter}.
 *
 * @param path the file
 * @param setUid the file's owner, if it has the set-user-ID bit
 * @param setGid the file's group, if it has the set-group-ID bit
 * @param capabilities the file's capabilities, if it has any
 */
public record ProgramFile(Path path, Optional<Long> setUid, Optional<Long> setGid,
                          Optional<VfsCapData> capabilities) {

    private static final int S_ISUID = 0_4000;
    private static final int S_ISGID = 0_2000;
    private static final int S_IXGRP = 0_0010;
    private static final int X_OF_ANYBODY = 0_0111;
    private static final int FORMAT = 0_170000;
    private static final int REGULAR = 0_100000;

    /** struct statfs */
    private static final int STATFS = 256;
    private static final int F_FLAGS = 80;
    private static final long ST_NOSUID = 2;

    /** A file that gives no privileges. */
    public static ProgramFile giving(Path path) {
        return new ProgramFile(path, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** {@return whether the path is a regular file with an execute bit} */
    public static boolean isExecutable(Path path) {
        try {
            int mode = attribute(attributes(path), "mode");
            return (mode & FORMAT) == REGULAR && (mode & X_OF_ANYBODY) != 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Reads the privileges that a file gives.
     *
     * @param path the file
     * @param directory the directory that a relative path of an interpreter starts from
     */
    public static ProgramFile of(Path path, Path directory) {
        return binary(Interpreter.of(path, directory));
    }

    private static ProgramFile binary(Path file) {
        try {
            Map<String, Object> attributes = attributes(file);
            if (isNosuid(file)) {
                return giving(file);
            }
            int mode = attribute(attributes, "mode");
            boolean setUid = (mode & S_ISUID) != 0;
            boolean setGid = (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP);
            return new ProgramFile(file, id(setUid, attribute(attributes, "uid")), id(setGid, attribute(attributes, "gid")),
                    CapabilityAttribute.readAsExecve(file).flatMap(VfsCapData::honoured));
        } catch (IOException e) {
            throw Errno.NONE.exception("stat(" + file + ")", "what this program gives cannot be read: " + e);
        }
    }

    private static Map<String, Object> attributes(Path file) throws IOException {
        return Files.readAttributes(file, "unix:mode,uid,gid");
    }

    private static int attribute(Map<String, Object> attributes, String name) {
        return (int) requireNonNull(attributes.get(name), name);
    }

    private static Optional<Long> id(boolean given, int id) {
        return given ? Optional.of(Integer.toUnsignedLong(id)) : Optional.empty();
    }

    private static boolean isNosuid(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment statfs = arena.allocate(STATFS, Long.BYTES);
            MemorySegment name = arena.allocateFrom(JAVA_BYTE, CString.terminated(file));
            long result = Syscalls.call(Syscall.STATFS, name.address(), statfs.address());
            if (result < 0) {
                throw Errno.of(result).exception("statfs(" + file + ")",
                        "whether its file system is mounted nosuid cannot be read");
            }
            return (statfs.get(JAVA_LONG, F_FLAGS) & ST_NOSUID) != 0;
        }
    }
}
