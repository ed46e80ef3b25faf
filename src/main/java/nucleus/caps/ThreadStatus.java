package nucleus.caps;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What one thread holds, as the kernel told it at one moment.
 *
 * @param tid the kernel's id of the thread, as in {@code /proc/<pid>/task}
 * @param name the kernel's name of the thread: at most 15 bytes, and not always up to date
 * @param javaName its name in Java, or empty where that is not known: only of a thread of this process that has read
 *     or changed itself through this library can it be told which one the kernel means
 * @param sets its five capability sets
 * @param noNewPrivs whether {@code execve} can give it nothing more, prctl(2) PR_SET_NO_NEW_PRIVS
 * @param uids its user ids
 * @param gids its group ids
 * @param groups its supplementary groups, sorted
 * @param secureBits its securebits, or empty where they are not known: only the thread itself can tell them
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
 */
public record ThreadStatus(int tid, String name, Optional<String> javaName, CapabilitySets sets, boolean noNewPrivs,
                           Ids uids, Ids gids, List<Long> groups, Optional<SecureBits> secureBits) {

    /**
     * The four ids that a thread has of each kind. Each is an unsigned 32-bit number.
     *
     * @param real who started it
     * @param effective whom the kernel takes it for
     * @param saved whom it can become again
     * @param fileSystem whom the kernel takes it for when it opens a file
     */
    public record Ids(long real, long effective, long saved, long fileSystem) {

        /**
         * {@return four times the same id}
         *
         * @param id the id
         */
        public static Ids all(long id) {
            return new Ids(id, id, id, id);
        }

        /**
         * {@return whether one of the four is that id}
         *
         * @param id the id
         */
        public boolean contains(long id) {
            return real == id || effective == id || saved == id || fileSystem == id;
        }

        /** {@return the id, or all four where they differ} */
        @Override
        public String toString() {
            return equals(all(real)) ? Long.toString(real) : real + "/" + effective + "/" + saved + "/" + fileSystem;
        }
    }

    /** Groups are copied and sorted. */
    public ThreadStatus {
        groups = List.copyOf(new TreeSet<>(groups));
    }

    /**
     * A thread whose name in Java is not known.
     *
     * @param tid the kernel's id of the thread
     * @param name the kernel's name of it
     * @param sets its five capability sets
     * @param noNewPrivs whether {@code execve} can give it nothing more
     * @param uids its user ids
     * @param gids its group ids
     * @param groups its supplementary groups
     * @param secureBits its securebits, or empty
     */
    public ThreadStatus(int tid, String name, CapabilitySets sets, boolean noNewPrivs, Ids uids, Ids gids,
                        List<Long> groups, Optional<SecureBits> secureBits) {
        this(tid, name, Optional.empty(), sets, noNewPrivs, uids, gids, groups, secureBits);
    }

    /**
     * {@return the same, with that name in Java}
     *
     * @param known the name
     */
    public ThreadStatus withJavaName(String known) {
        return new ThreadStatus(tid, name, Optional.of(known), sets, noNewPrivs, uids, gids, groups, secureBits);
    }

    /** {@return whether one of its user or group ids is 0, which is still root without any capability} */
    public boolean isRoot() {
        return uids.contains(0) || gids.contains(0) || groups.contains(0L);
    }
}
