package nucleus.caps.internal.plan;

import java.nio.file.AccessMode;
import java.nio.file.Path;
import nucleus.caps.internal.kernel.Access;

/** A user who may do everything with files. */
public final class FakeAccess implements Access {

    @Override
    public boolean denied(Path file, AccessMode mode) {
        return false;
    }

    @Override
    public void close() {
        // there is no thread
    }
}
