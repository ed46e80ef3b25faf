package privileged.lineage;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import privileged.harness.CapMasks;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;

/** One way in which a thread can differ from the other threads of its process. A thread that it creates inherits it. */
enum Difference {

    NONE(Shown.NOWHERE, () -> {}),
    GROUP(() -> setGroups(0, 4242)),
    NOROOT(Shown.IN_SECUREBITS, () -> addSecureBit(0x01)),
    NO_SETUID_FIXUP(Shown.IN_SECUREBITS, () -> addSecureBit(0x04)),
    KEEP_CAPS(Shown.IN_SECUREBITS, () -> addSecureBit(0x10)),
    NO_CAP_AMBIENT_RAISE(Shown.IN_SECUREBITS, () -> addSecureBit(0x40)),
    BOUNDING(() -> Syscalls.prctl(Syscalls.PR_CAPBSET_DROP, Long.numberOfTrailingZeros(CapMasks.KILL))),
    PERMITTED(() -> setCapabilities(CapMasks.KILL, CapMasks.KILL, 0)),
    /** CAP_SETUID is missing where the change of the identity needs it. */
    EFFECTIVE(() -> setCapabilities(CapMasks.SETUID, 0, 0)),
    INHERITABLE(() -> setCapabilities(0, 0, CapMasks.KILL)),
    AMBIENT(() -> {
        setCapabilities(0, 0, CapMasks.KILL);
        raiseAmbient(CapMasks.KILL);
    }),
    /** A thread with this state cannot become somebody else. */
    DROPPED(() -> Caps.begin(Scope.THREAD).dropAll()),
    EFFECTIVE_UID(() -> Syscalls.setresuid(0, 1, 0)),
    SAVED_UID(() -> Syscalls.setresuid(0, 0, 1)),
    EFFECTIVE_GID(() -> Syscalls.call(Syscalls.Call.SETRESGID, 0, 1, 0)),
    NO_NEW_PRIVS(() -> Syscalls.prctl(Syscalls.PR_SET_NO_NEW_PRIVS, 1)),
    /** The extra group makes the refused call necessary. */
    REFUSES_SETGROUPS(() -> {
        setGroups(0, 4242);
        SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.SETGROUPS);
    }),
    REFUSES_SETRESUID(Shown.NOWHERE, () -> SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.SETRESUID)),
    REFUSES_CAPSET(Shown.NOWHERE, () -> SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.CAPSET)),
    REFUSES_NO_NEW_PRIVS(Shown.NOWHERE,
            () -> SeccompFilter.refuse(Syscalls.EPERM, Syscalls.Call.PRCTL, Syscalls.PR_SET_NO_NEW_PRIVS));

    private static final int PR_CAP_AMBIENT_RAISE = 2;
    private static final int CAPABILITY_VERSION_3 = 0x20080522;
    private static final int CAPGET = System.getProperty("os.arch").equals("amd64") ? 125 : 90;

    /** Where another process, or the thread, sees that the difference is there. */
    private enum Shown {
        IN_STATUS, IN_SECUREBITS, NOWHERE
    }

    private final Shown shown;
    private final Runnable change;

    Difference(Runnable change) {
        this(Shown.IN_STATUS, change);
    }

    Difference(Shown shown, Runnable change) {
        this.shown = shown;
        this.change = change;
    }

    boolean isInStatus() {
        return shown == Shown.IN_STATUS;
    }

    /** Makes the calling thread different. */
    void make() {
        long before = Syscalls.securebits();
        change.run();
        if (Syscalls.securebits() != before != (shown == Shown.IN_SECUREBITS)) {
            throw new IllegalStateException("securebits were " + before + " and are " + Syscalls.securebits());
        }
    }

    private static void addSecureBit(long bit) {
        Syscalls.prctl(Syscalls.PR_SET_SECUREBITS, Syscalls.securebits() | bit);
    }

    private static void setGroups(int... groups) {
        try (Arena arena = Arena.ofConfined()) {
            Syscalls.call(Syscalls.Call.SETGROUPS, groups.length, arena.allocateFrom(JAVA_INT, groups).address());
        }
    }

    private static void raiseAmbient(long capability) {
        Syscalls.call(Syscalls.Call.PRCTL, Syscalls.PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, Long.numberOfTrailingZeros(capability));
    }

    /** Removes some from effective and permitted, and adds some to inheritable. */
    private static void setCapabilities(long notEffective, long notPermitted, long inheritable) {
        try (Arena arena = Arena.ofConfined()) {
            var header = arena.allocateFrom(JAVA_INT, CAPABILITY_VERSION_3, 0);
            var sets = arena.allocate(JAVA_INT, 6);
            if (Syscalls.make(CAPGET, header.address(), sets.address()) != 0) {
                throw new IllegalStateException("capget failed");
            }
            for (int word = 0; word < 2; word++) {
                sets.setAtIndex(JAVA_INT, 3 * word, sets.getAtIndex(JAVA_INT, 3 * word) & ~word(notEffective, word));
                sets.setAtIndex(JAVA_INT, 3 * word + 1,
                        sets.getAtIndex(JAVA_INT, 3 * word + 1) & ~word(notPermitted, word));
                sets.setAtIndex(JAVA_INT, 3 * word + 2, sets.getAtIndex(JAVA_INT, 3 * word + 2) | word(inheritable, word));
            }
            Syscalls.call(Syscalls.Call.CAPSET, header.address(), sets.address());
        }
    }

    private static int word(long mask, int word) {
        return (int) (mask >>> 32 * word);
    }
}
