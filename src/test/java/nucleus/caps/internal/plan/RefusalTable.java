package nucleus.caps.internal.plan;

import static nucleus.caps.Capability.CAP_SETGID;
import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.Capability.CAP_SETUID;
import static nucleus.caps.Capability.CAP_SYS_ADMIN;
import static nucleus.caps.SecureBit.EXEC_RESTRICT_FILE;
import static nucleus.caps.SecureBit.NOROOT;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Iab;
import nucleus.caps.Identity;
import nucleus.caps.Mode;
import nucleus.caps.SecureBit;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import org.junit.jupiter.params.provider.Arguments;

/** What is refused before anything changes: the thread, the wish, and how the message begins. */
class RefusalTable {

    private static final CapabilitySet NONE = CapabilitySet.NONE;
    private static final CapabilitySet HELD = Scenario.HELD;
    private static final CapabilitySet ADMIN = CapabilitySet.of(CAP_SYS_ADMIN);
    private static final CapabilitySets SAME = new CapabilitySets(HELD, HELD, HELD, NONE, NONE);
    private static final int KEEP_CAPS_LOCKED = 1 << 5;
    private static final int NO_CAP_AMBIENT_RAISE = 1 << 6;
    private static final int NOROOT_LOCKED = 1 << 1;
    private static final int EXEC_LOCKED = 0x300;

    private static ThreadStatus without(CapabilitySet set) {
        return Scenario.thread(0, SAME.with(SetKind.PERMITTED, HELD.minus(set)).with(SetKind.EFFECTIVE, HELD.minus(set)), 0);
    }

    private static ThreadStatus locked(int securebits) {
        return Scenario.thread(0, Scenario.ROOT.sets(), securebits);
    }

    private static Target apply(CapabilitySets sets) {
        return Target.apply(sets, Optional.empty(), false, Optional.empty());
    }

    private static Target secure(SecureBits bits) {
        return Target.set(bits);
    }

    private static Target change(SetKind kind, CapabilitySet set) {
        return Target.set(kind, set);
    }

    static Stream<Arguments> refusals() {
        CapabilitySet pcap = CapabilitySet.of(CAP_SETPCAP);
        ThreadStatus stripped = Scenario.thread(0, SAME.with(SetKind.PERMITTED, HELD.minus(pcap))
                .with(SetKind.EFFECTIVE, HELD.minus(pcap)), 0);
        return Stream.of(
                arguments(stripped, Scenario.drop(NONE), "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs"
                        + " CAP_SETPCAP in the effective set, which holds"
                        + " cap_chown,cap_setgid,cap_setuid,cap_net_bind_service; lockUnprivileged(identity)"
                        + " does not need it, switches the identity and clears every set except bounding"),
                arguments(without(CapabilitySet.of(CAP_SETGID)), Scenario.drop(NONE, Scenario.NOBODY),
                        "setgroups([65533]): EPERM: needs CAP_SETGID in the effective set, which holds"
                                + " cap_chown,cap_setuid,cap_setpcap,cap_net_bind_service"),
                arguments(without(CapabilitySet.of(CAP_SETGID)), Scenario.drop(NONE, Identity.of(5, 5, 0, 4)),
                        "setresgid(5, 5, 5): EPERM: needs CAP_SETGID in the effective set, which holds"
                                + " cap_chown,cap_setuid,cap_setpcap,cap_net_bind_service"),
                arguments(without(CapabilitySet.of(CAP_SETUID)), Scenario.drop(NONE, Scenario.NOBODY),
                        "setresuid(65534, 65534, 65534): EPERM: needs CAP_SETUID in the effective set, which holds"
                                + " cap_chown,cap_setgid,cap_setpcap,cap_net_bind_service"),
                arguments(Scenario.ROOT, Scenario.drop(ADMIN),
                        "capset: EPERM: a kept capability must be in the permitted set, which lacks cap_sys_admin"),
                arguments(Scenario.with(Scenario.ROOT, SetKind.BOUNDING, HELD.minus(Scenario.CHOWN)),
                        Scenario.drop(Scenario.CHOWN),
                        "capset: EPERM: a kept capability must be in the bounding set, which lacks cap_chown"),
                arguments(locked(KEEP_CAPS_LOCKED), Scenario.drop(Scenario.KEPT, Scenario.NOBODY),
                        "prctl(PR_SET_KEEPCAPS, 1): EPERM: the securebit keep_caps_locked is set, so KEEPCAPS cannot be changed"),
                arguments(locked(NO_CAP_AMBIENT_RAISE), change(SetKind.AMBIENT, Scenario.CHOWN),
                        "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN): EPERM: the securebit"
                                + " no_cap_ambient_raise is set"),
                arguments(locked(NOROOT_LOCKED), secure(SecureBits.of(NOROOT).locking(NOROOT)),
                        "prctl(PR_SET_SECUREBITS, 0x3): EPERM: these securebits are locked and cannot be changed: noroot"),
                arguments(locked(NOROOT_LOCKED), secure(SecureBits.NONE),
                        "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these locks of securebits cannot be removed: noroot_locked"),
                arguments(locked(EXEC_LOCKED), secure(SecureBits.NONE), "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these securebits"
                        + " are locked and cannot be changed: exec_restrict_file"),
                arguments(locked(0x3000), secure(SecureBits.NONE),
                        "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these securebits are locked and cannot be changed: 0x1000"),
                arguments(without(pcap), secure(SecureBits.of(NOROOT)), "prctl(PR_SET_SECUREBITS, 0x1): EPERM: needs"
                        + " CAP_SETPCAP in the effective set, which holds " + HELD.minus(pcap)
                        + ""),
                arguments(stripped, secure(SecureBits.of(NOROOT, EXEC_RESTRICT_FILE)), "prctl(PR_SET_SECUREBITS, 0x101):"
                        + " EPERM: needs CAP_SETPCAP in the effective set, which holds " + HELD.minus(pcap)),
                arguments(locked(NOROOT_LOCKED), Scenario.drop(NONE, Scenario.NOBODY, SecureBits.LOCKED_DOWN),
                        "prctl(PR_SET_SECUREBITS, 0xef): EPERM: these securebits are locked and cannot be changed: noroot"),
                arguments(locked(NOROOT_LOCKED), Scenario.drop(Scenario.KEPT, Scenario.NOBODY, SecureBits.LOCKED_DOWN),
                        "prctl(PR_SET_SECUREBITS, 0xef): EPERM: these securebits are locked and cannot be changed: noroot"),
                arguments(locked(NOROOT_LOCKED), Target.apply(SAME, Optional.of(Scenario.NOBODY), false,
                        Optional.of(SecureBits.NONE)),
                        "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these locks of securebits cannot be removed: noroot_locked"),
                arguments(locked(KEEP_CAPS_LOCKED), Scenario.drop(Scenario.KEPT, Scenario.NOBODY,
                        SecureBits.of(NOROOT).locking(SecureBit.KEEP_CAPS)),
                        "prctl(PR_SET_KEEPCAPS, 1): EPERM: the securebit keep_caps_locked is set, so KEEPCAPS cannot be changed"),
                arguments(without(pcap), Target.apply(new Iab(NONE, NONE, Scenario.CHOWN), false, Optional.empty()),
                        "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the effective set, which holds "
                                + HELD.minus(pcap)),
                arguments(Scenario.ROOT, Target.apply(new Iab(NONE, ADMIN, NONE), false, Optional.empty()),
                        "capset: EPERM: a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in"
                                + " permitted), which lacks cap_sys_admin"),
                arguments(stripped, Target.apply(new Iab(NONE, pcap, NONE), false, Optional.empty()),
                        "capset: EPERM: a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in"
                                + " permitted), which lacks cap_setpcap"),
                arguments(stripped, Target.enter(Mode.PURE1E, false), "prctl(PR_SET_SECUREBITS, 0xef): EPERM:"
                        + " needs CAP_SETPCAP in the effective set, which holds " + HELD.minus(pcap)),
                arguments(locked(NOROOT_LOCKED), Target.enter(Mode.HYBRID, false),
                        "prctl(PR_SET_SECUREBITS, 0x0): EPERM: these locks of securebits cannot be removed: noroot_locked"),
                arguments(Scenario.ROOT, Target.lockUnprivileged(Optional.empty(), Optional.empty()),
                        "lockUnprivileged: a uid is 0 (0); uid 0 owns /proc/sys and /etc even without"
                                + " capabilities; switch the identity first"),
                arguments(Scenario.thread(1000, CapabilitySets.NONE.with(SetKind.BOUNDING, HELD), 0),
                        Target.lockUnprivileged(Optional.empty(), Optional.of(SecureBits.LOCKED_DOWN)),
                        "prctl(PR_SET_SECUREBITS, 0xef): EPERM: needs CAP_SETPCAP in the effective set, which holds none"),
                arguments(Scenario.thread(1000, CapabilitySets.NONE.with(SetKind.BOUNDING, HELD), 0),
                        Scenario.drop(NONE), "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the"
                                + " effective set, which holds none; lockUnprivileged() does not need it and"
                                + " clears every set except bounding"),
                arguments(Scenario.SWITCHING, Target.lockUnprivileged(Optional.of(Identity.of(0, 7)), Optional.empty()),
                        "lockUnprivileged: a uid is 0 (0); uid 0 owns /proc/sys and /etc even without"
                                + " capabilities; switch the identity first"),
                arguments(Scenario.thread(0, new CapabilitySets(HELD, CapabilitySet.of(CAP_SETUID),
                        CapabilitySet.of(CAP_SETUID), NONE, NONE), 0),
                        Target.lockUnprivileged(Optional.of(Scenario.NOBODY), Optional.empty()),
                        "setgroups([65533]): EPERM: needs CAP_SETGID in the effective set, which holds cap_setuid"),
                arguments(Scenario.SWITCHING, Scenario.drop(NONE, Scenario.NOBODY), "prctl(PR_CAPBSET_DROP, CAP_CHOWN):"
                        + " EPERM: needs CAP_SETPCAP in the effective set, which holds cap_setgid,cap_setuid; lockUnprivileged(identity)"
                        + " does not need it, switches the identity and clears every set except bounding"),
                arguments(Scenario.SWITCHING, Target.dropBounding(NONE, Optional.empty()), "prctl(PR_CAPBSET_DROP,"
                        + " CAP_CHOWN): EPERM: needs CAP_SETPCAP in the effective set, which holds cap_setgid,cap_setuid;"
                        + " lockUnprivileged(identity)"
                        + " does not need it, switches the identity and clears every set except bounding"),
                arguments(Scenario.thread(0, CapabilitySets.NONE.with(SetKind.BOUNDING, HELD), 0),
                        Scenario.drop(NONE), "prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the"
                                + " effective set, which holds none"),
                arguments(Scenario.ROOT, change(SetKind.AMBIENT, HELD),
                        "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of inheritable, which lacks"
                                + " cap_setgid,cap_setuid,cap_setpcap"),
                arguments(Scenario.ROOT, change(SetKind.BOUNDING, ADMIN), "prctl(PR_CAPBSET_DROP): EPERM: nothing can"
                        + " be added to bounding, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, change(SetKind.PERMITTED, ADMIN), "capset: EPERM: nothing can be"
                        + " added to permitted, which lacks cap_sys_admin"),
                arguments(Scenario.thread(0, SAME.with(SetKind.PERMITTED, Scenario.CHOWN)
                        .with(SetKind.EFFECTIVE, NONE), 0), change(SetKind.EFFECTIVE, Scenario.BIND),
                        "capset: EPERM: effective must be a subset of permitted, which lacks cap_net_bind_service"),
                arguments(Scenario.ROOT, change(SetKind.INHERITABLE, ADMIN), "capset: EPERM: a capability added to inheritable"
                        + " must be in bounding (without CAP_SETPCAP, also in permitted), which lacks cap_sys_admin"),
                arguments(stripped, change(SetKind.INHERITABLE, pcap), "capset: EPERM: a capability added to inheritable must"
                        + " be in bounding (without CAP_SETPCAP, also in permitted), which lacks cap_setpcap"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.BOUNDING, ADMIN)),
                        "prctl(PR_CAPBSET_DROP): EPERM: nothing can be added to bounding, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.PERMITTED, ADMIN)),
                        "capset: EPERM: nothing can be added to permitted, which lacks cap_sys_admin"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.PERMITTED, Scenario.CHOWN)
                        .with(SetKind.EFFECTIVE, Scenario.KEPT)),
                        "capset: EPERM: effective must be a subset of permitted, which lacks"
                                + " cap_setuid,cap_net_bind_service"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.INHERITABLE, ADMIN)), "capset: EPERM: a capability added to"
                        + " inheritable must be in bounding (without CAP_SETPCAP, also in permitted), which lacks cap_sys_admin"),
                arguments(stripped, apply(SAME.with(SetKind.PERMITTED, NONE).with(SetKind.EFFECTIVE, NONE)
                        .with(SetKind.INHERITABLE, pcap)), "capset: EPERM: a capability added to inheritable must be in"
                                + " bounding (without CAP_SETPCAP, also in permitted), which lacks cap_setpcap"),
                arguments(Scenario.ROOT, apply(CapabilitySets.NONE.with(SetKind.INHERITABLE, HELD)
                        .with(SetKind.AMBIENT, Scenario.CHOWN)),
                        "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of permitted, which lacks cap_chown"),
                arguments(Scenario.ROOT, apply(SAME.with(SetKind.AMBIENT, Scenario.CHOWN)),
                        "prctl(PR_CAP_AMBIENT): EPERM: ambient must be a subset of inheritable, which lacks cap_chown"));
    }
}
