package nucleus.caps.internal.kernel;

import java.util.List;
import nucleus.caps.CapsException;

/** Exceptions for readings that failed: nothing was changed, and no thread is to blame. */
final class Refusals {

    private Refusals() {
    }

    static CapsException of(String syscall, Errno errno) {
        return of(syscall, errno, "the kernel refused it");
    }

    static CapsException of(String syscall, Errno errno, String rule) {
        return new CapsException(syscall, errno.number(), errno.name(), rule, false, List.of());
    }
}
