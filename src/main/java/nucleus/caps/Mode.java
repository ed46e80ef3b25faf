package nucleus.caps;

import java.util.List;

/**
 * A libcap mode: a name for the securebits and sets of a thread, which says how much of root is still available to it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_set_mode.3.html">cap_set_mode(3)</a>
 */
public enum Mode {

    /** As {@link #PURE1E_INIT}, with permitted and bounding empty. Entering this mode sets no_new_privs. */
    NOPRIV,

    /** As {@link #PURE1E}, with inheritable empty: programs inherit nothing. */
    PURE1E_INIT,

    /**
     * uid 0 is an ordinary uid and ambient is empty, both locked: {@link SecureBits#LOCKED_DOWN}. A program gains
     * privileges only from its file capabilities and from inheritable.
     */
    PURE1E,

    /** No securebit is set: uid 0 is root, and ambient and file capabilities also apply. This is the initial mode. */
    HYBRID,

    /** None of the other modes. */
    UNCERTAIN;

    /**
     * {@return the common mode of those threads, or UNCERTAIN if their modes differ or if the list is empty}
     *
     * <p>{@code Mode.of(Caps.threads())} is the mode of this process.
     *
     * @param threads the threads
     */
    public static Mode of(List<ThreadStatus> threads) {
        List<Mode> modes = threads.stream().map(Mode::of).distinct().toList();
        return modes.size() == 1 ? modes.getFirst() : UNCERTAIN;
    }

    /**
     * {@return the mode of a thread, as {@code cap_get_mode} of libcap and {@code capsh --mode} report it; UNCERTAIN if its
     * securebits are not known}
     *
     * @param thread the thread
     */
    public static Mode of(ThreadStatus thread) {
        SecureBits bits = thread.secureBits().orElse(null);
        if (SecureBits.NONE.equals(bits)) {
            return HYBRID;
        }
        if (!SecureBits.LOCKED_DOWN.equals(bits) || !thread.sets().ambient().isEmpty()) {
            return UNCERTAIN;
        }
        CapabilitySets sets = thread.sets();
        if (!sets.inheritable().isEmpty()) {
            return PURE1E;
        }
        return sets.isEmpty() ? NOPRIV : PURE1E_INIT;
    }
}
