package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * The options of {@link Caps#begin(Scope, java.util.function.UnaryOperator)}. They apply to every step that follows.
 *
 * {@snippet class="snippets.Texts" region="securebits"}
 *
 * <p>Options are immutable: each method returns new options. Of two contradictory options, the later one applies. Options
 * change no thread and read none.
 */
public final class Options {

    static final Options DEFAULT = new Options(Optional.empty(), Optional.empty(), false, Optional.empty());

    private final Optional<Boolean> noNewPrivs;
    private final Optional<SecureBits> secureBits;
    private final boolean ioUring;
    private final Optional<Duration> timeout;

    private Options(Optional<Boolean> noNewPrivs, Optional<SecureBits> secureBits, boolean ioUring,
                    Optional<Duration> timeout) {
        this.noNewPrivs = noNewPrivs;
        this.secureBits = secureBits;
        this.ioUring = ioUring;
        this.timeout = timeout;
    }

    /**
     * {@return options with which a drop leaves no_new_privs as it is} Without this option, a drop sets it.
     *
     * <p>If no_new_privs is not set, a set-user-ID program runs with the uid of its owner, however empty the bounding set
     * is. Both {@code lockUnprivileged} steps refuse this option. The mode NOPRIV sets no_new_privs nevertheless.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">PR_SET_NO_NEW_PRIVS</a>
     */
    public Options allowNewPrivileges() {
        return new Options(Optional.of(false), secureBits, ioUring, timeout);
    }

    /**
     * {@return options with which {@code apply} and {@code enter} also set no_new_privs, as the last change} A drop sets it
     * without this option.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">PR_SET_NO_NEW_PRIVS</a>
     */
    public Options withNoNewPrivs() {
        return new Options(Optional.of(true), secureBits, ioUring, timeout);
    }

    /**
     * {@return options with which every thread ends with exactly those securebits} Without this option, they stay as they
     * are.
     *
     * <p>The securebits are written as soon as no later change needs what they forbid, and while CAP_SETPCAP is available:
     * in the first step if nothing is kept, otherwise after the change of the identity. CAP_SETPCAP is kept across that
     * change and then dropped with the rest. If a locked bit prevents one method, another method is used if there is one.
     *
     * <p>The step that writes them throws {@link CapsException} EPERM in three cases: a bit is locked, the kernel does not
     * know a bit, or CAP_SETPCAP is missing. The message names the bit, and nothing has changed. EXEC_RESTRICT_FILE,
     * EXEC_DENY_INTERACTIVE and their locks need no privilege. {@link Phase.Initial#enter} refuses this option, because
     * a mode has its own securebits.
     *
     * @param bits all securebits: a bit that is set now and is not in {@code bits} is cleared
     * @throws IllegalArgumentException if {@code bits} contains KEEP_CAPS, which is set only while the uid changes
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_SECUREBITS.2const.html">PR_SET_SECUREBITS</a>
     */
    public Options withSecureBits(SecureBits bits) {
        if (bits.contains(SecureBit.KEEP_CAPS)) {
            throw new IllegalArgumentException(bits + ": keep_caps is never left on; it may be locked as it is, off");
        }
        return new Options(noNewPrivs, Optional.of(bits), ioUring, timeout);
    }

    /**
     * {@return options that accept open io_uring rings in this process} This option has an effect only in
     * {@link Scope#PROCESS}.
     *
     * <p>Without this option, a process with an open ring is refused. A ring acts with the privileges that the thread had
     * when it created the ring or registered a personality, however little that thread holds later.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/io_uring.7.html">io_uring(7)</a>
     */
    public Options allowIoUring() {
        return new Options(noNewPrivs, secureBits, true, timeout);
    }

    /**
     * {@return options with that time limit for each thread to answer} This option has an effect only in
     * {@link Scope#PROCESS}. The default is 30 seconds.
     *
     * <p>A thread answers when it is scheduled. On a machine with many busy threads this can take tens of seconds. If a
     * thread does not answer in time, the step throws {@link CapsException}.
     *
     * @param timeout the time limit
     * @throws IllegalArgumentException if the timeout is zero or negative
     */
    public Options withTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout is positive, not " + timeout);
        }
        return new Options(noNewPrivs, secureBits, ioUring, Optional.of(timeout));
    }

    /** {@return whether to set no_new_privs, or empty if the caller has not decided} */
    Optional<Boolean> noNewPrivs() {
        return noNewPrivs;
    }

    Optional<SecureBits> secureBits() {
        return secureBits;
    }

    boolean ioUring() {
        return ioUring;
    }

    Optional<Duration> timeout() {
        return timeout;
    }
}
