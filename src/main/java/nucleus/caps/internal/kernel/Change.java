package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.stream.Collectors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;

/** One thing to change on a thread: a syscall, or the same one repeated for several capabilities. */
public sealed interface Change {

    /** Whoever sets these sets them together: the kernel checks each against the others. */
    record CapSet(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) implements Change {
        @Override
        public String syscall() {
            return "capset(effective=" + effective + ", permitted=" + permitted + ", inheritable=" + inheritable + ")";
        }
    }

    /** PR_CAPBSET_DROP(2const), once for each member. */
    record DropBounding(CapabilitySet set) implements Change {
        @Override
        public String syscall() {
            return syscall(first(set));
        }

        static String syscall(int number) {
            return "prctl(PR_CAPBSET_DROP, " + constant(number) + ")";
        }
    }

    /** PR_CAP_AMBIENT_RAISE, once for each member. */
    record RaiseAmbient(CapabilitySet set) implements Change {
        @Override
        public String syscall() {
            return syscall(first(set));
        }

        static String syscall(int number) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + constant(number) + ")";
        }
    }

    /** PR_CAP_AMBIENT_LOWER, once for each member. */
    record LowerAmbient(CapabilitySet set) implements Change {
        @Override
        public String syscall() {
            return syscall(first(set));
        }

        static String syscall(int number) {
            return "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, " + constant(number) + ")";
        }
    }

    /** Whether a change of the uid leaves permitted as it is: PR_SET_KEEPCAPS(2const). */
    record KeepCaps(boolean on) implements Change {
        @Override
        public String syscall() {
            return "prctl(PR_SET_KEEPCAPS, " + (on ? 1 : 0) + ")";
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

    /** {@return the call as an error names it; the first, where there are several} */
    String syscall();

    /** {@return whether the C library makes it, on every thread: nptl(7)} */
    default boolean isIdentity() {
        return this instanceof SetGroups || this instanceof SetGid || this instanceof SetUid;
    }

    private static int first(CapabilitySet set) {
        return set.numbers().findFirst().orElse(0);
    }

    private static String constant(int number) {
        return Capability.of(number).map(Enum::name).orElse(Integer.toString(number));
    }
}
