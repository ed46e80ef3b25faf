package nucleus.caps;

import java.util.List;

/**
 * What libcap makes of the securebits and sets of a thread: a name for how much of root it can still be.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_set_mode.3.html">cap_set_mode(3)</a>
 */
public enum Mode {

    /** As {@link #PURE1E_INIT}, with nothing permitted, nothing in the bounding set, and no_new_privs when entered. */
    NOPRIV,

    /** As {@link #PURE1E}, with nothing inheritable: no program is handed anything. */
    PURE1E_INIT,

    /**
     * uid 0 is an ordinary uid and ambient is empty, both locked: {@link SecureBits#LOCKED_DOWN}. A program is
     * privileged by its file capabilities and by what is inheritable, and by nothing else.
     */
    PURE1E,

    /** No securebit is set: uid 0 is root, and ambient and file capabilities count too. How every thread starts. */
    HYBRID,

    /** None of these. */
    UNCERTAIN;

    /**
     * {@return the mode that all of those threads are in, or UNCERTAIN if they are in different modes or if there is none}
     *
     * <p>{@code Mode.of(Caps.threads())} is the mode of this process.
     *
     * @param threads what they hold
     */
    public static Mode of(List<ThreadStatus> threads) {
        List<Mode> modes = threads.stream().map(Mode::of).distinct().toList();
        return modes.size() == 1 ? modes.getFirst() : UNCERTAIN;
    }

    /**
     * {@return the mode of a thread, as {@code cap_get_mode} of libcap and {@code capsh --mode} tell it; UNCERTAIN
     * where its securebits are not known}
     *
     * @param thread what it holds
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
