package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Identity;
import nucleus.caps.internal.kernel.Access;
import nucleus.caps.internal.sys.FileStatus;

/**
 * The user that a JVM will be.
 *
 * @param identity the ids
 * @param access what the kernel says about files
 * @param trees the files that the user will own before the switch
 */
record NewUser(Identity identity, Access access, List<Path> trees) {

    /** Permissions, as inode(7) numbers them. */
    static final int WRITE = 2;
    static final int SEARCH = 1;

    private static final int OWNER = 6;
    private static final int GROUP = 3;

    /** {@return whether the kernel will refuse it} Of a tree that is handed over, only the way to it is checked. */
    boolean cannot(AccessMode mode, Path file) {
        for (Path tree : trees) {
            if (file.startsWith(tree)) {
                Path parent = tree.getParent();
                return parent != null && access.denied(parent, AccessMode.EXECUTE);
            }
        }
        return access.denied(file, mode);
    }

    /** {@return whether the permissions of a file do not have that one for the user} No access list is read. Follows links. */
    boolean lacks(int permission, Path file) {
        FileStatus status = FileStatus.of(file);
        boolean owns = status.uid() == identity.uid();
        boolean belongs = status.gid() == identity.gid() || identity.groups().contains(status.gid());
        return status.known() && (status.mode() >> (owns ? OWNER : belongs ? GROUP : 0) & permission) == 0;
    }

    @Override
    public String toString() {
        return "uid " + identity.uid();
    }
}
