package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;

/** One thing to change on a thread: a syscall, or the same one repeated for several capabilities. */
public sealed interface Change {

    /** Whoever sets these sets them together: the kernel checks each against the others. */
    record CapSet(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) implements Change {
        @Override
        public String syscall() {
            return "capset(effective=" + effective + ", permitted=" + permitted + ", inheritable=" + inheritable + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
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

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** PR_CAP_AMBIENT_RAISE, once for each member. */
    record RaiseAmbient(CapabilitySet set) implements Each {
        @Override
        public String syscall(String capability) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + capability + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** PR_CAP_AMBIENT_LOWER, once for each member. */
    record LowerAmbient(CapabilitySet set) implements Each {
        @Override
        public String syscall(String capability) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, " + capability + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** Whether a change of the uid leaves permitted as it is: PR_SET_KEEPCAPS(2const). */
    record KeepCaps(boolean on) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_KEEPCAPS, " + (on ? 1 : 0) + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** All securebits at once, PR_SET_SECUREBITS(2const). */
    record SetSecureBits(SecureBits bits) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_SECUREBITS, " + bits.mask() + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** PR_SET_NO_NEW_PRIVS(2const): irreversible. */
    record NoNewPrivs() implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_NO_NEW_PRIVS, 1)";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** All supplementary groups, setgroups(2). */
    record SetGroups(List<Long> groups) implements Change {
        @Override
        public String syscall() {
            return groups.size() > 16 ? "setgroups(" + groups.size() + " groups)"
                    : groups.stream().map(String::valueOf).collect(Collectors.joining(", ", "setgroups([", "])"));
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** Real, effective, saved and file system gid, setresgid(2). */
    record SetGid(long gid) implements Change {
        @Override
        public String syscall() {
            return "setresgid(" + gid + ", " + gid + ", " + gid + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /** Real, effective, saved and file system uid, setresuid(2). */
    record SetUid(long uid) implements Change {
        @Override
        public String syscall() {
            return "setresuid(" + uid + ", " + uid + ", " + uid + ")";
        }

        @Override
        public <R> R in(Cases<R> cases) {
            return cases.of(this);
        }
    }

    /**
     * What there is to say of each kind of change. A switch over patterns would say it as well, but is linked by the
     * JVM when it is first come to: in the midst of a drop, and for as long as the drop itself takes.
     */
    interface Cases<R> {

        R of(CapSet set);

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
    <R> R in(Cases<R> cases);

    /** {@return the call as an error names it; the first, where there are several} */
    String syscall();

    /** {@return whether the C library makes it, on every thread: nptl(7)} */
    default boolean isIdentity() {
        return this instanceof SetGroups || this instanceof SetGid || this instanceof SetUid;
    }
}
