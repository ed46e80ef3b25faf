package nucleus.caps.internal.threads;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.List;
import java.util.Map;
import nucleus.caps.CapsException;

/** Exceptions for what a round needs and cannot have. */
final class Refusals {

    static final int ESRCH = ESRCH();
    static final int ENOENT = ENOENT();
    static final int EAGAIN = EAGAIN();

    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(0, ""), Map.entry(EPERM(), "EPERM"),
            Map.entry(ENOENT(), "ENOENT"), Map.entry(ESRCH(), "ESRCH"), Map.entry(EINTR(), "EINTR"),
            Map.entry(EAGAIN(), "EAGAIN"), Map.entry(ENOMEM(), "ENOMEM"), Map.entry(EACCES(), "EACCES"),
            Map.entry(EINVAL(), "EINVAL"), Map.entry(ENOSYS(), "ENOSYS"));

    private Refusals() {
    }

    /**
     * A refusal while no thread has run a program.
     *
     * @param result what the kernel gave: minus an errno, or 0 where no call was at fault
     */
    static CapsException of(String syscall, long result, String rule) {
        int errno = (int) -result;
        return new CapsException(syscall, errno, NAMES.getOrDefault(errno, "errno " + errno), rule, false, List.of());
    }
}
