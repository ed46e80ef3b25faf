package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What the kernel checks when a thread needs a permission: capability sets, ids, groups, no_new_privs and securebits.
 *
 * @param sets the five capability sets
 * @param uids the four user ids
 * @param gids the four group ids
 * @param groups the supplementary groups, sorted, each once
 * @param noNewPrivs whether no_new_privs is set, PR_SET_NO_NEW_PRIVS: {@code execve} grants no further privileges
 * @param secureBits the securebits, or empty if they are not known: only the thread itself can read them
 * @see <a href="https://man7.org/linux/man-pages/man7/credentials.7.html">credentials(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record Credentials(CapabilitySets sets, Ids uids, Ids gids, List<Long> groups, boolean noNewPrivs,
                          Optional<SecureBits> secureBits) {

    /**
     * The four user ids or the four group ids of a thread. Each id is an unsigned 32-bit number.
     *
     * @param real the id of the user or group that started the thread
     * @param effective the id that the kernel checks
     * @param saved the id that the thread can switch back to
     * @param fileSystem the id that the kernel checks when the thread opens a file
     */
    public record Ids(long real, long effective, long saved, long fileSystem) {

        /**
         * {@return four equal ids}
         *
         * @param id the id
         */
        public static Ids all(long id) {
            return new Ids(id, id, id, id);
        }

        /**
         * {@return whether one of the four ids is that id}
         *
         * @param id the id
         */
        public boolean contains(long id) {
            return real == id || effective == id || saved == id || fileSystem == id;
        }

        /** {@return one id if all four are equal, otherwise all four} */
        @Override
        public String toString() {
            return equals(all(real)) ? Long.toString(real) : real + "/" + effective + "/" + saved + "/" + fileSystem;
        }
    }

    /** Copies and sorts the groups. */
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
     * @param kind which set
     */
    public CapabilitySet get(SetKind kind) {
        return sets.get(kind);
    }

    /** {@return whether a user id, group id or supplementary group is 0, which is root even without capabilities} */
    public boolean isRoot() {
        return uids.contains(0) || gids.contains(0) || groups.contains(0L);
    }

    /**
     * {@return these credentials with other sets}
     *
     * @param replaced the five sets
     */
    public Credentials with(CapabilitySets replaced) {
        return new Credentials(replaced, uids, gids, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return these credentials with one set replaced; the other sets stay as they are}
     *
     * @param kind which set
     * @param set the new set
     */
    public Credentials with(SetKind kind, CapabilitySet set) {
        return with(sets.with(kind, set));
    }

    /**
     * {@return these credentials with the ids and groups of that identity}
     *
     * @param identity the identity
     */
    public Credentials with(Identity identity) {
        return withUids(Ids.all(identity.uid())).withGids(Ids.all(identity.gid())).withGroups(identity.groups());
    }

    /**
     * {@return these credentials with other user ids}
     *
     * @param replaced the four user ids
     */
    public Credentials withUids(Ids replaced) {
        return new Credentials(sets, replaced, gids, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return these credentials with other group ids}
     *
     * @param replaced the four group ids
     */
    public Credentials withGids(Ids replaced) {
        return new Credentials(sets, uids, replaced, groups, noNewPrivs, secureBits);
    }

    /**
     * {@return these credentials with other supplementary groups}
     *
     * @param replaced the groups
     */
    public Credentials withGroups(List<Long> replaced) {
        return new Credentials(sets, uids, gids, replaced, noNewPrivs, secureBits);
    }

    /**
     * {@return these credentials with or without no_new_privs}
     *
     * @param set whether no_new_privs is set
     */
    public Credentials withNoNewPrivs(boolean set) {
        return new Credentials(sets, uids, gids, groups, set, secureBits);
    }

    /**
     * {@return these credentials with other securebits}
     *
     * @param replaced the securebits
     */
    public Credentials with(SecureBits replaced) {
        return new Credentials(sets, uids, gids, groups, noNewPrivs, Optional.of(replaced));
    }

    /**
     * {@return whether the other object is equal} This method is written by hand because the JVM links a generated
     * {@code equals} of a record at its first use, which takes longer than a drop.
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
