package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * The state of one thread: a consistent snapshot, taken by the kernel at one moment.
 *
 * @param tid the kernel's id of the thread, as in {@code /proc/<pid>/task}
 * @param name the kernel's name of the thread: at most 15 bytes, and not always up to date
 * @param javaName its Java name, if the thread has used this library before; otherwise empty
 * @param credentials its credentials
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
 */
public record ThreadStatus(int tid, String name, Optional<String> javaName, Credentials credentials) {

    /** Refuses null. */
    public ThreadStatus {
        requireNonNull(name, "name");
        requireNonNull(javaName, "javaName");
        requireNonNull(credentials, "credentials");
    }

    /**
     * Creates the state of a thread whose Java name is not known.
     *
     * @param tid the kernel's id of the thread
     * @param name the kernel's name of the thread
     * @param credentials its credentials
     */
    public ThreadStatus(int tid, String name, Credentials credentials) {
        this(tid, name, Optional.empty(), credentials);
    }

    /**
     * {@return this state with that Java name}
     *
     * @param known the name
     */
    public ThreadStatus withJavaName(String known) {
        return new ThreadStatus(tid, name, Optional.of(known), credentials);
    }

    /**
     * {@return this state with other credentials}
     *
     * @param replaced the credentials
     */
    public ThreadStatus with(Credentials replaced) {
        return new ThreadStatus(tid, name, javaName, replaced);
    }

    /** {@return the five capability sets} */
    public CapabilitySets sets() {
        return credentials.sets();
    }

    /**
     * {@return what child programs of the thread inherit, as {@link Iab#of}}
     *
     * @param supported the capabilities that the kernel knows, {@link Caps#supported()}; those that are not in the bounding
     *     set are dropped
     * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
     */
    public Iab iab(CapabilitySet supported) {
        return Iab.of(sets(), supported);
    }

    /** {@return the four user ids} */
    public Credentials.Ids uids() {
        return credentials.uids();
    }

    /** {@return the four group ids} */
    public Credentials.Ids gids() {
        return credentials.gids();
    }

    /** {@return the supplementary groups, sorted} */
    public List<Long> groups() {
        return credentials.groups();
    }

    /** {@return whether no_new_privs is set} */
    public boolean noNewPrivs() {
        return credentials.noNewPrivs();
    }

    /** {@return the securebits, or empty if they are not known} */
    public Optional<SecureBits> secureBits() {
        return credentials.secureBits();
    }

    /** {@return whether a user id, group id or supplementary group is 0, which is root even without capabilities} */
    public boolean isRoot() {
        return credentials.isRoot();
    }
}
