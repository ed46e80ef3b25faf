package nucleus.caps.internal.rules;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.SecureBits;

/** One thing to change on a thread: a syscall, or the same one repeated for several capabilities. */
public sealed interface Change {

    /** Whoever sets these sets them together: the kernel checks each against the others. */
    record CapSet(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) implements Change {

        public static Change of(CapabilitySets sets) {
            return new CapSet(sets.effective(), sets.permitted(), sets.inheritable());
        }

        @Override
        public String syscall() {
            return "capset(effective=" + effective + ", permitted=" + permitted + ", inheritable=" + inheritable + ")";
        }
    }

    /**
     * The same of what the thread itself holds: effective keeps some and gains what is permitted of others, inheritable
     * keeps some and gains others, permitted stays. For threads that differ.
     *
     * @param keptEffective what stays in effective
     * @param raised what is added to effective, if it is permitted
     * @param keptInheritable what stays in inheritable
     * @param inherited what is added to inheritable
     */
    record AdjustCaps(CapabilitySet keptEffective, CapabilitySet raised, CapabilitySet keptInheritable,
                      CapabilitySet inherited) implements Change {

        /** {@return the same for a thread that holds these} */
        public CapSet on(CapabilitySets now) {
            return new CapSet(now.effective().intersect(keptEffective).union(now.permitted().intersect(raised)),
                    now.permitted(), now.inheritable().intersect(keptInheritable).union(inherited));
        }

        @Override
        public String syscall() {
            return "capset()";
        }
    }

    /** One of several calls that differ in a capability. */
    sealed interface Each extends Change {

        /** {@return the capabilities that a call is made for} */
        CapabilitySet set();

        /** {@return the call for that one, as an error names it} */
        String syscall(String capability);

        @Override
        default String syscall() {
            return syscall(Long.numberOfTrailingZeros(set().bits()) % Long.SIZE);
        }

        /** {@return the call for the one with that number} */
        default String syscall(int number) {
            Optional<Capability> named = Capability.of(number);
            return syscall(named.isPresent() ? named.get().name() : Integer.toString(number));
        }
    }

    /** PR_CAPBSET_DROP(2const), once for each member. */
    record DropBounding(CapabilitySet set) implements Each {
        @Override
        public String syscall(String capability) {
            return "prctl(PR_CAPBSET_DROP, " + capability + ")";
        }
    }

    /** PR_CAP_AMBIENT_RAISE, once for each member. */
    record RaiseAmbient(CapabilitySet set) implements Each {
        @Override
        public String syscall(String capability) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + capability + ")";
        }
    }

    /** PR_CAP_AMBIENT_LOWER, once for each member. */
    record LowerAmbient(CapabilitySet set) implements Each {
        @Override
        public String syscall(String capability) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, " + capability + ")";
        }
    }

    /** Whether a change of the uid leaves permitted as it is: PR_SET_KEEPCAPS(2const). */
    record KeepCaps(boolean on) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_KEEPCAPS, " + (on ? 1 : 0) + ")";
        }
    }

    /** All securebits at once, PR_SET_SECUREBITS(2const). */
    record SetSecureBits(SecureBits bits) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_SECUREBITS, " + bits.mask() + ")";
        }
    }

    /** PR_SET_NO_NEW_PRIVS(2const): irreversible. */
    record NoNewPrivs() implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_NO_NEW_PRIVS, 1)";
        }
    }

    /** All supplementary groups, setgroups(2). */
    record SetGroups(List<Long> groups) implements Change {
        @Override
        public String syscall() {
            return groups.size() > 16 ? "setgroups(" + groups.size() + " groups)"
                    : groups.stream().map(String::valueOf).collect(Collectors.joining(", ", "setgroups([", "])"));
        }
    }

    /** Real, effective, saved and file system gid, setresgid(2). */
    record SetGid(long gid) implements Change {
        @Override
        public String syscall() {
            return "setresgid(" + gid + ", " + gid + ", " + gid + ")";
        }
    }

    /** Real, effective, saved and file system uid, setresuid(2). */
    record SetUid(long uid) implements Change {
        @Override
        public String syscall() {
            return "setresuid(" + uid + ", " + uid + ", " + uid + ")";
        }
    }

    /**
     * What there is to say of each kind of change. A switch over patterns would say it as well, but is linked by the
     * JVM when it is first come to: in the midst of a drop, and for as long as the drop itself takes.
     */
    interface Cases<R> {

        R of(CapSet set);

        R of(AdjustCaps adjust);

        R of(DropBounding drop);

        R of(RaiseAmbient raise);

        R of(LowerAmbient lower);

        R of(KeepCaps keep);

        R of(SetSecureBits set);

        R of(NoNewPrivs set);

        R of(SetGroups set);

        R of(SetGid set);

        R of(SetUid set);
    }

    /** {@return what is said of this kind} */
    default <R> R in(Cases<R> cases) {
        if (this instanceof CapSet change) {
            return cases.of(change);
        }
        if (this instanceof AdjustCaps change) {
            return cases.of(change);
        }
        if (this instanceof DropBounding change) {
            return cases.of(change);
        }
        if (this instanceof RaiseAmbient change) {
            return cases.of(change);
        }
        if (this instanceof LowerAmbient change) {
            return cases.of(change);
        }
        if (this instanceof KeepCaps change) {
            return cases.of(change);
        }
        if (this instanceof SetSecureBits change) {
            return cases.of(change);
        }
        if (this instanceof NoNewPrivs change) {
            return cases.of(change);
        }
        if (this instanceof SetGroups change) {
            return cases.of(change);
        }
        if (this instanceof SetGid change) {
            return cases.of(change);
        }
        return cases.of((SetUid) this);
    }

    /** {@return the call as an error names it; the first, where there are several} */
    String syscall();
}
