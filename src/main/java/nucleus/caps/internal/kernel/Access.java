package nucleus.caps.internal.kernel;

import java.nio.file.AccessMode;
import java.nio.file.Path;

/** Tells what a user without capabilities may do with a file. Asks the kernel, so access lists and security modules count. */
public interface Access extends AutoCloseable {

    /** {@return whether the kernel refuses it with EACCES} A file that does not exist is not refused. */
    boolean denied(Path file, AccessMode mode);

    @Override
    void close();
}
