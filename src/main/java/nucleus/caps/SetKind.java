package nucleus.caps;

import java.util.Locale;

/** The five capability sets of a thread, as in
 * <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>. */
public enum SetKind {

    /** The limit on what files and uid 0 give to a program. Can only be lowered, with CAP_SETPCAP effective. */
    BOUNDING,

    /** What the thread may make effective. A dropped capability returns only by execve(2) or in a new user namespace. */
    PERMITTED,

    /** What the kernel checks. Always a subset of permitted. */
    EFFECTIVE,

    /** What a program with matching file capabilities receives. */
    INHERITABLE,

    /** What an ordinary program receives. Always a subset of permitted and of inheritable. */
    AMBIENT;

    /** {@return the name in lower case} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
