package nucleus.caps;

import java.util.Locale;

/**
 * One of the switches by which a thread gives up what the kernel does for uid 0, in the words of
 * <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>. Each has a lock: a switch
 * that is locked stays as it is, for the thread and for all that it starts.
 */
public enum SecureBit {

    /** Linux 2.6.26: {@code execve} gives uid 0 no capabilities for being uid 0. */
    NOROOT,

    /** Linux 2.6.26: a change of the uids leaves permitted, effective and ambient as they are. */
    NO_SETUID_FIXUP,

    /** Linux 2.6.26: a change of the uids away from 0 leaves permitted as it is. Cleared by {@code execve}. */
    KEEP_CAPS,

    /** Linux 4.3: ambient cannot be raised. */
    NO_CAP_AMBIENT_RAISE,

    /** Linux 6.14: an interpreter or dynamic linker is to run only files that it may execute. Needs no privilege. */
    EXEC_RESTRICT_FILE,

    /** Linux 6.14: an interpreter is to read no commands but from files. Needs no privilege. */
    EXEC_DENY_INTERACTIVE;

    /** {@return the number of the bit in the word; its lock is the next} */
    @SuppressWarnings("EnumOrdinal") // the constants are in the order of the kernel
    public int number() {
        return 2 * ordinal();
    }

    /** {@return the name in lower case: {@code no_setuid_fixup}; that of its lock ends in {@code _locked}} */
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
