package nucleus.caps;

import java.util.Locale;

/**
 * A securebit: a flag of a thread that restricts how the kernel grants capabilities or runs code, as in
 * <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>. Each bit has a lock. A locked bit
 * keeps its value, for the thread and for everything that the thread starts.
 */
public enum SecureBit {

    /** Linux 2.6.26: {@code execve} grants no capabilities because of uid 0. */
    NOROOT,

    /** Linux 2.6.26: a change of the uids leaves permitted, effective and ambient as they are. */
    NO_SETUID_FIXUP,

    /** Linux 2.6.26: a change of the uids away from 0 leaves permitted as it is. Cleared by {@code execve}. */
    KEEP_CAPS,

    /** Linux 4.3: ambient cannot be raised. */
    NO_CAP_AMBIENT_RAISE,

    /** Linux 6.14: an interpreter or dynamic linker should run only files that it may execute. Needs no privilege. */
    EXEC_RESTRICT_FILE,

    /** Linux 6.14: an interpreter should read commands only from files. Needs no privilege. */
    EXEC_DENY_INTERACTIVE;

    /** {@return the number of the bit; the lock has the next number} */
    @SuppressWarnings("EnumOrdinal") // the constants are in the order of the kernel
    public int number() {
        return 2 * ordinal();
    }

    /** {@return the name in lower case, for example {@code no_setuid_fixup}; the name of the lock ends in {@code _locked}} */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    int mask() {
        return 1 << number();
    }

    int lock() {
        return mask() << 1;
    }
}
