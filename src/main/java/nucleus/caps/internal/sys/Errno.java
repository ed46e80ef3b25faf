package nucleus.caps.internal.sys;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.List;
import java.util.Map;
import nucleus.caps.CapsException;

/**
 * An error number of the kernel, errno(3). The errors that a call of this library can return have a name.
 *
 * @param number the error number; 0 for none
 */
public record Errno(int number) {

    /** No call has failed. */
    public static final Errno NONE = new Errno(0);

    public static final Errno EACCES = new Errno(EACCES());
    public static final Errno EAGAIN = new Errno(EAGAIN());
    public static final Errno EINTR = new Errno(EINTR());
    public static final Errno EINVAL = new Errno(EINVAL());
    public static final Errno ENODATA = new Errno(ENODATA());
    public static final Errno ENOENT = new Errno(ENOENT());
    public static final Errno EOPNOTSUPP = new Errno(EOPNOTSUPP());
    public static final Errno EOVERFLOW = new Errno(EOVERFLOW());
    public static final Errno EPERM = new Errno(EPERM());
    public static final Errno ERANGE = new Errno(ERANGE());
    public static final Errno ESRCH = new Errno(ESRCH());

    // errno-base.h and errno.h; the bindings have only what a change needs
    private static final int ENOSPC = 28;
    private static final int EAFNOSUPPORT = 97;
    private static final int ENOTCONN = 107;
    private static final int ETOOMANYREFS = 109;
    private static final int EDQUOT = 122;

    public static final Errno EBADF = new Errno(9);
    public static final Errno EPIPE = new Errno(32);
    public static final Errno ECONNRESET = new Errno(104);

    private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(0, ""), Map.entry(EPERM(), "EPERM"),
            Map.entry(ENOENT(), "ENOENT"), Map.entry(ESRCH(), "ESRCH"), Map.entry(EINTR(), "EINTR"),
            Map.entry(EIO(), "EIO"), Map.entry(E2BIG(), "E2BIG"), Map.entry(ENOEXEC(), "ENOEXEC"),
            Map.entry(EAGAIN(), "EAGAIN"), Map.entry(ENOMEM(), "ENOMEM"), Map.entry(EACCES(), "EACCES"),
            Map.entry(EFAULT(), "EFAULT"), Map.entry(EBUSY(), "EBUSY"), Map.entry(ENOTDIR(), "ENOTDIR"),
            Map.entry(EINVAL(), "EINVAL"), Map.entry(EMFILE(), "EMFILE"), Map.entry(ETXTBSY(), "ETXTBSY"),
            Map.entry(EROFS(), "EROFS"), Map.entry(ERANGE(), "ERANGE"), Map.entry(ENAMETOOLONG(), "ENAMETOOLONG"),
            Map.entry(ENOSYS(), "ENOSYS"), Map.entry(ELOOP(), "ELOOP"), Map.entry(ENODATA(), "ENODATA"),
            Map.entry(EOVERFLOW(), "EOVERFLOW"), Map.entry(EBADF.number, "EBADF"), Map.entry(EUSERS(), "EUSERS"),
            Map.entry(EOPNOTSUPP(), "EOPNOTSUPP"), Map.entry(ENOSPC, "ENOSPC"), Map.entry(EDQUOT, "EDQUOT"),
            Map.entry(EPIPE.number, "EPIPE"), Map.entry(ECONNRESET.number, "ECONNRESET"), Map.entry(ENOTCONN, "ENOTCONN"),
            Map.entry(EAFNOSUPPORT, "EAFNOSUPPORT"), Map.entry(ETOOMANYREFS, "ETOOMANYREFS"));

    /** {@return the error in the result of a raw system call: a negated errno, or 0 for none} */
    public static Errno of(long result) {
        return new Errno((int) -result);
    }

    /** {@return whether the result of a raw system call is this error} */
    public boolean is(long result) {
        return result == -number;
    }

    /** {@return the symbolic name, a text like {@code errno 95} if it has none here, or empty for 0} */
    public String name() {
        return NAMES.getOrDefault(number, "errno " + number);
    }

    /** {@return an exception for a call that the kernel refused without a known rule} Nothing has changed. */
    public CapsException exception(String syscall) {
        return exception(syscall, "the kernel refused it");
    }

    /** {@return an exception for a call that failed} Nothing has changed. */
    public CapsException exception(String syscall, String rule) {
        return new CapsException(syscall, number, name(), rule, false, List.of());
    }
}
