package nucleus.caps.internal.rules;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.SecureBits;

/** One change of a thread: a system call, or the same call repeated for several capabilities. */
public sealed interface Change {

    /** Three sets in one capset(2): the kernel checks each against the others. */
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
     * A capset(2) that each thread computes from its own sets, for threads that differ. Permitted stays.
     *
     * @param keptEffective the capabilities that stay in effective
     * @param raised the capabilities to add to effective, if they are permitted
     * @param keptInheritable the capabilities that stay in inheritable
     * @param inherited the capabilities to add to inheritable
     */
    record AdjustCaps(CapabilitySet keptEffective, CapabilitySet raised, CapabilitySet keptInheritable,
                      CapabilitySet inherited) implements Change {

        /** {@return the capset for a thread that holds these sets} */
        public CapSet on(CapabilitySets now) {
            return new CapSet(now.effective().intersect(keptEffective).union(now.permitted().intersect(raised)),
                    now.permitted(), now.inheritable().intersect(keptInheritable).union(inherited));
        }

        @Override
        public String syscall() {
            return "capset()";
        }
    }

    /** A change that takes one call for each capability. */
    sealed interface Each extends Change {

        /** {@return the capabilities, one call for each} */
        CapabilitySet set();

        /** {@return the call for a capability, as an error names it} */
        String syscall(String capability);

        @Override
        default String syscall() {
            return syscall(Long.numberOfTrailingZeros(set().bits()) % Long.SIZE);
        }

        /** {@return the call for the capability with this number, as an error names it} */
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

    /** PR_SET_KEEPCAPS(2const): whether a change of the uid leaves permitted unchanged. */
    record KeepCaps(boolean on) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_KEEPCAPS, " + (on ? 1 : 0) + ")";
        }
    }

    /** PR_SET_SECUREBITS(2const): all securebits at once. */
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

    /** setgroups(2): all supplementary groups. */
    record SetGroups(List<Long> groups) implements Change {
        @Override
        public String syscall() {
            return groups.size() > 16 ? "setgroups(" + groups.size() + " groups)"
                    : groups.stream().map(String::valueOf).collect(Collectors.joining(", ", "setgroups([", "])"));
        }
    }

    /** setresgid(2): the real, effective, saved and file system gid. */
    record SetGid(long gid) implements Change {
        @Override
        public String syscall() {
            return "setresgid(" + gid + ", " + gid + ", " + gid + ")";
        }
    }

    /** setresuid(2): the real, effective, saved and file system uid. */
    record SetUid(long uid) implements Change {
        @Override
        public String syscall() {
            return "setresuid(" + uid + ", " + uid + ", " + uid + ")";
        }
    }

    /** {@return the call as an error names it; the first call if there are several} */
    String syscall();
}
