package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * All that the kernel judges a thread by: its capability sets, ids, groups, no_new_privs and securebits.
 *
 * @param sets the five capability sets
 * @param uids the four user ids
 * @param gids the four group ids
 * @param groups the supplementary groups, sorted, each once
 * @param noNewPrivs whether {@code execve} can give the thread nothing more, PR_SET_NO_NEW_PRIVS
 * @param secureBits the securebits, or empty if they are not known: only the thread itself can tell them
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record Credentials(CapabilitySets sets, Ids uids, Ids gids, List<Long> groups, boolean noNewPrivs,
                          Optional<SecureBits> secureBits) {

    /**
     * The four ids that a thread has of each kind. Each is an unsigned 32-bit number.
     *
     * @param real the id of the user who started the thread
     * @param effective the id that the kernel checks
     * @param saved the id that the thread can switch back to
     * @param fileSystem the id that the kernel checks when the thread opens a file
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
    public Credentials {
        requireNonNull(sets, "sets");
        requireNonNull(uids, "uids");
        requireNonNull(gids, "gids");
        groups = List.copyOf(new TreeSet<>(groups));
        requireNonNull(secureBits, "secureBits");
    }

    /**
     * {@return one of the five sets}
     *
     * @param kind which
     */
    public CapabilitySet get(SetKind kind) {
        return sets.get(kind);
    }

    /** {@return whether one of the user or group ids is 0, which is still root without any capability} */
    public boolean isRoot() {
        return uids.contains(0) || gids.contains(0) || groups.contains(0L);
    }

    /**
     * {@return the same with other sets}
     *
     * @param replaced the five sets
     */
    public Credentials with(CapabilitySets replaced) {
        return new Credentials(replaced, uids, gids, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return the same with one set replaced; the others are not adapted to it}
     *
     * @param kind which set
     * @param set what it holds
     */
    public Credentials with(SetKind kind, CapabilitySet set) {
        return with(sets.with(kind, set));
    }

    /**
     * {@return the same with the ids and groups of that identity}
     *
     * @param identity the identity
     */
    public Credentials with(Identity identity) {
        return withUids(Ids.all(identity.uid())).withGids(Ids.all(identity.gid())).withGroups(identity.groups());
    }

    /**
     * {@return the same with other user ids}
     *
     * @param replaced the four user ids
     */
    public Credentials withUids(Ids replaced) {
        return new Credentials(sets, replaced, gids, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return the same with other group ids}
     *
     * @param replaced the four group ids
     */
    public Credentials withGids(Ids replaced) {
        return new Credentials(sets, uids, replaced, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return the same with other supplementary groups}
     *
     * @param replaced the groups
     */
    public Credentials withGroups(List<Long> replaced) {
        return new Credentials(sets, uids, gids, replaced, noNewPrivs, secureBits);
    }

    /**
     * {@return the same with or without no_new_privs}
     *
     * @param set whether it is set
     */
    public Credentials withNoNewPrivs(boolean set) {
        return new Credentials(sets, uids, gids, groups, set, secureBits);
    }

    /**
     * {@return the same with other securebits}
     *
     * @param replaced the securebits
     */
    public Credentials with(SecureBits replaced) {
        return new Credentials(sets, uids, gids, groups, noNewPrivs, Optional.of(replaced));
    }

    /**
     * {@return whether the other holds the same} Written by hand: the JVM links the method that it makes for a record at
     * its first use, and that takes longer than a drop.
     */
    @Override
    public boolean equals(Object other) {
        return other instanceof Credentials that && same(sets, that.sets) && same(uids, that.uids)
                && same(gids, that.gids) && groups.equals(that.groups) && noNewPrivs == that.noNewPrivs
                && same(secureBits, that.secureBits);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sets.permitted().bits()) + Long.hashCode(uids.effective());
    }

    private static boolean same(CapabilitySets a, CapabilitySets b) {
        return a.bounding().bits() == b.bounding().bits() && a.permitted().bits() == b.permitted().bits()
                && a.effective().bits() == b.effective().bits() && a.inheritable().bits() == b.inheritable().bits()
                && a.ambient().bits() == b.ambient().bits();
    }

    private static boolean same(Ids a, Ids b) {
        return a.real() == b.real() && a.effective() == b.effective() && a.saved() == b.saved()
                && a.fileSystem() == b.fileSystem();
    }

    private static boolean same(Optional<SecureBits> a, Optional<SecureBits> b) {
        return a.isPresent() == b.isPresent() && (a.isEmpty() || a.get().bits() == b.get().bits());
    }
}
