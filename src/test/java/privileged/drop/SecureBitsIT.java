package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** Securebits that were set before are respected, and are reckoned with. */
@Privileged
class SecureBitsIT {

    private static final String NO_SETUID_FIXUP = "0x4";
    private static final String NO_SETUID_FIXUP_LOCKED = "0xc";
    private static final String KEEP_CAPS_LOCKED_OFF = "0x20";
    private static final String NO_CAP_AMBIENT_RAISE_LOCKED = "0xc0";
    private static final String ALL_LOCKED = "0xec";
    private static final long KEPT = CapMasks.KILL | CapMasks.SETUID;
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** The first argument is "try" where the drop is to be refused. */
    static final class Drops implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            if (args[0].equals("try")) {
                points.threw(() -> drop(initial, args[1], args[2]));
            } else {
                drop(initial, args[1], args[2]);
            }
            points.at("done");
        }

        static void drop(Phase.Initial initial, String how, String sets) {
            switch (how) {
                case "drop" -> initial.drop(SOMEBODY);
                case "dropAll" -> initial.dropAll();
                case "dropExcept" -> initial.dropExcept(CapabilitySet.ofMask(sets));
                case "keepAndSwitch" -> initial.dropExcept(CapabilitySet.ofMask(sets), SOMEBODY);
                case "apply" -> initial.apply(ChildArguments.sets(sets));
                case "applyAndSwitch" -> initial.apply(ChildArguments.sets(sets), SOMEBODY);
                default -> throw new IllegalArgumentException(how);
            }
        }
    }

    /** KEEPCAPS on, and locked so. */
    static final class DropsWithKeepCapsLockedOn implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.prctl(Syscalls.PR_SET_SECUREBITS, 0x30);
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> Drops.drop(initial, args[0], args[1]));
            points.at("refused");
        }
    }

    /** The lock word of a process that wants to be free of root for good. */
    static final class DropsAfterTheLockWord implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Syscalls.prctl(Syscalls.PR_SET_SECUREBITS, 0xef);
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Drops.drop(initial, args[0], args[1]);
            points.at("done");
        }
    }

    private static String masks(long b, long p, long e, long i, long a) {
        return OutsideStatus.mine().withSets(b, p, e, i, a).masks();
    }

    private static void refused(String bits, String how, String sets, String syscall, String rule) {
        try (ObservedChild child = ObservedChild.of(Drops.class, "try", how, sets).secureBits(bits).start()) {
            refused(child.threw(), syscall, rule);
            assertThat(child.at("done")).isEqualTo(child.start());
        }
    }

    private static void refused(Thrown thrown, String syscall, String rule) {
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.message()).isEqualTo(syscall + ": EPERM: " + rule);
        assertThat(thrown.changed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keepAndSwitch", "applyAndSwitch"})
    void refusesToKeepWhenKeepCapsIsLocked(String how) {
        refused(KEEP_CAPS_LOCKED_OFF, how, how.equals("keepAndSwitch") ? CapMasks.hex(KEPT) : masks(KEPT, KEPT, KEPT, 0, 0),
                "prctl(PR_SET_KEEPCAPS, 1)",
                "the securebit keep_caps_locked is set, so KEEPCAPS cannot be changed");
    }

    @Test
    void dropsWhenKeepCapsIsLockedOff() {
        try (ObservedChild child = ObservedChild.of(Drops.class, "do", "drop", "").secureBits(KEEP_CAPS_LOCKED_OFF).start()) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
        try (ObservedChild child = ObservedChild.of(Drops.class, "do", "dropExcept", CapMasks.hex(KEPT))
                .secureBits(KEEP_CAPS_LOCKED_OFF).start()) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(KEPT).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop", "dropAll", "dropExcept", "keepAndSwitch", "apply"})
    void aDropIsRefusedWhereKeepCapsIsLockedOn(String how) {
        String argument = how.equals("apply") ? masks(0, 0, 0, 0, 0) : CapMasks.hex(KEPT);
        try (ObservedChild child = ObservedChild.start(DropsWithKeepCapsLockedOn.class, how, argument)) {
            refused(child.threw(), "prctl(PR_SET_KEEPCAPS, 0)",
                    "the securebit keep_caps_locked is set, so KEEPCAPS cannot be changed");
            assertThat(child.at("refused")).isEqualTo(child.start());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"apply", "applyAndSwitch"})
    void refusesAmbientWhenRaisingIsForbidden(String how) {
        refused(NO_CAP_AMBIENT_RAISE_LOCKED, how, masks(KEPT, KEPT, KEPT, KEPT, CapMasks.KILL),
                "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_KILL)", "the securebit no_cap_ambient_raise is set");
    }

    @Test
    void keepsAndClearsAmbientWhenRaisingIsForbidden() {
        ChildCommand stay = ObservedChild.of(Drops.class, "do", "apply", masks(KEPT, KEPT, KEPT, KEPT, CapMasks.KILL));
        try (ObservedChild child = stay.secureBits(NO_CAP_AMBIENT_RAISE_LOCKED)
                .inheriting("kill,setuid", "kill,setuid").start()) {
            assertThat(child.start().ambient()).isEqualTo(KEPT);
            assertThat(child.at("done")).isEqualTo(child.start().withSets(KEPT, KEPT, KEPT, KEPT, CapMasks.KILL));
        }
        ChildCommand none = ObservedChild.of(Drops.class, "do", "applyAndSwitch", masks(KEPT, KEPT, 0, KEPT, 0));
        try (ObservedChild child = none.secureBits(NO_CAP_AMBIENT_RAISE_LOCKED)
                .inheriting("kill,setuid", "kill,setuid").start()) {
            assertThat(child.at("done")).isEqualTo(child.start().withSets(KEPT, KEPT, 0, KEPT, 0).as(NOBODY, NOBODY));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NO_SETUID_FIXUP, NO_SETUID_FIXUP_LOCKED, ALL_LOCKED})
    void clearsPermittedUnderNoSetuidFixup(String bits) {
        try (ObservedChild child = ObservedChild.of(Drops.class, "do", "drop", "").secureBits(bits).start()) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @Test
    void theLockWordIsNoHindrance() {
        try (ObservedChild child = ObservedChild.start(DropsAfterTheLockWord.class, "drop", "")) {
            assertThat(child.at("done")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs());
        }
        try (ObservedChild child = ObservedChild.start(DropsAfterTheLockWord.class, "keepAndSwitch", CapMasks.hex(KEPT))) {
            assertThat(child.at("done"))
                    .isEqualTo(child.start().holdingOnly(KEPT).as(NOBODY, NOBODY).withNoNewPrivs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {NO_SETUID_FIXUP, NO_SETUID_FIXUP_LOCKED, ALL_LOCKED})
    void keepsSomeUnderNoSetuidFixup(String bits) {
        try (ObservedChild child =
                ObservedChild.of(Drops.class, "do", "keepAndSwitch", CapMasks.hex(KEPT)).secureBits(bits).start()) {
            assertThat(child.at("done"))
                    .isEqualTo(child.start().holdingOnly(KEPT).as(NOBODY, NOBODY).withNoNewPrivs());
        }
        ChildCommand apply = ObservedChild.of(Drops.class, "do", "applyAndSwitch", masks(KEPT, KEPT, CapMasks.KILL, KEPT, 0));
        try (ObservedChild child = apply.secureBits(bits).start()) {
            assertThat(child.at("done"))
                    .isEqualTo(child.start().withSets(KEPT, KEPT, CapMasks.KILL, KEPT, 0).as(NOBODY, NOBODY));
        }
    }
}
