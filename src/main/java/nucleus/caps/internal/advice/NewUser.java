package nucleus.caps.internal.advice;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.List;
import nucleus.caps.Identity;
import nucleus.caps.internal.kernel.Access;

/**
 * The user that a JVM will be.
 *
 * @param identity the ids
 * @param access what the kernel says about files
 * @param trees the files that the user will own before the switch
 */
record NewUser(Identity identity, Access access, List<Path> trees) {

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

    @Override
    public String toString() {
        return "uid " + identity.uid();
    }
}
