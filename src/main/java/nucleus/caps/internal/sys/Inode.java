package nucleus.caps.internal.sys;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * What stat(2) tells about a file.
 *
 * @param mode the type and the permissions
 * @param uid the owner
 * @param gid the group
 * @param links the number of hard links
 * @param device the file system
 */
public record Inode(int mode, long uid, long gid, long links, long device) {

    private static final long UNSIGNED = 0xFFFF_FFFFL;
    private static final int S_IFMT = 0xF000;

    /** {@return what is told about a file} */
    public static Inode of(Path file, LinkOption... options) throws IOException {
        Map<String, Object> told = Files.readAttributes(file, "unix:mode,uid,gid,nlink,dev", options);
        return new Inode((int) number(told, "mode"), number(told, "uid") & UNSIGNED, number(told, "gid") & UNSIGNED,
                number(told, "nlink"), number(told, "dev"));
    }

    private static long number(Map<String, Object> told, String name) {
        return ((Number) requireNonNull(told.get(name), name)).longValue();
    }

    /** {@return whether the file is of a type, one of the S_IF constants of inode(7)} */
    public boolean is(int type) {
        return (mode & S_IFMT) == type;
    }
}
