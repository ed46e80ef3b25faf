package nucleus.caps;

import java.util.Locale;

/** The five sets of a thread, in the words of
 * <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>. */
public enum SetKind {

    /** What no program started by this thread can gain. Can only be dropped from, with CAP_SETPCAP effective. */
    BOUNDING,

    /** What the thread may make effective. What leaves it never comes back, but by {@code execve}. */
    PERMITTED,

    /** What the kernel checks. Always within permitted. */
    EFFECTIVE,

    /** What a program with matching file capabilities receives. */
    INHERITABLE,

    /** What an ordinary program receives. Always within permitted and within inheritable. */
    AMBIENT;

    /** {@return the name in lower case, as in text for people} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
