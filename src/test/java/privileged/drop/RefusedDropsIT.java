package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** What the kernel would refuse is refused before anything has changed, with the missing capability. */
@Privileged
class RefusedDropsIT {

    private static final String OTHERWISE = "; lockUnprivileged() does not need it and clears every set except bounding";

    /** Tries a drop, after lowering in effective what the second argument names. */
    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Caps.thisThread().lower(SetKind.EFFECTIVE, CapabilitySet.parse(args[1]).named().toArray(Capability[]::new));
            points.at("before");
            points.threw(() -> drop(initial, args));
            points.at("refused");
            points.threw(() -> drop(initial, args));
            points.at("refused again");
        }

        private static void drop(Phase.Initial initial, String... args) {
            switch (args[0]) {
                case "dropBoundingSet" -> initial.dropBoundingSet();
                case "dropAll" -> initial.dropAll();
                case "drop" -> initial.drop(ChildArguments.identity(args[2]));
                case "dropExcept" -> initial.dropExcept(CapabilitySet.ofMask(args[2]));
                case "dropBoundingSetExcept" -> initial.dropBoundingSetExcept(CapabilitySet.ofMask(args[2]));
                case "keepAndSwitch" -> initial.dropExcept(CapabilitySet.ofMask(args[2]), Identity.of(NOBODY, NOBODY));
                case "apply" -> initial.apply(ChildArguments.sets(args[2]), Identity.of(NOBODY, NOBODY));
                default -> throw new IllegalArgumentException(args[0]);
            }
        }
    }

    /** A step that was refused leaves its phase as it was: another one can be taken. */
    static final class TriesOtherwise implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.drop(Identity.of(1000, 1000)));
            points.at("refused");
            Phase.BoundingDropped bounded = initial.dropBoundingSet();
            points.at("bounded");
            points.threw(() -> bounded.switchIdentity(Identity.of(1000, 1000)));
            points.at("refused again");
            bounded.finalizeDrop();
            points.at("dropped");
        }
    }

    /** A capability that was dropped from bounding, and is still permitted. */
    static final class KeepsBeyondBounding implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Caps.thisThread().lower(SetKind.BOUNDING, Capability.CAP_KILL);
            points.at("before");
            points.threw(() -> initial.dropExcept(CapabilitySet.of(Capability.CAP_KILL, Capability.CAP_SETUID)));
            points.at("refused");
        }
    }

    private static void refused(ChildCommand launch, String syscall, String rule) {
        try (ObservedChild child = launch.start()) {
            OutsideStatus before = child.at("before");
            refused(child, syscall, rule);
            assertThat(child.at("refused")).isEqualTo(before);
            refused(child, syscall, rule);
            assertThat(child.at("refused again")).isEqualTo(before);
        }
    }

    private static void refused(ObservedChild child, String syscall, String rule) {
        Thrown thrown = child.threw();
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.message()).isEqualTo(syscall + ": EPERM: " + rule);
        assertThat(thrown.syscall()).isEqualTo(syscall);
        assertThat(thrown.errnoName()).isEqualTo("EPERM");
        assertThat(thrown.changed()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"dropBoundingSet, ''", "dropAll, ''", "drop, 65534:65534", "drop, 1000:1000:4",
        "apply, 0000000000000000/0000000000000000/0000000000000000/0000000000000000/0000000000000000"})
    void aDropWithoutAnyPrivilegeIsRefused(String drop, String argument) {
        refused(ObservedChild.of(Tries.class, drop, "none", argument).asNobodyWith(""), "prctl(PR_CAPBSET_DROP, CAP_CHOWN)",
                "needs CAP_SETPCAP in the effective set, which holds none" + (drop.equals("apply") ? "" : OTHERWISE));
    }

    @ParameterizedTest
    @CsvSource({"dropBoundingSet, ''", "dropAll, ''", "drop, 65534:65534", "dropExcept, 0000000000000080",
        "keepAndSwitch, 0000000000000080"})
    void aDropWithoutSetpcapIsRefused(String drop, String argument) {
        refused(ObservedChild.of(Tries.class, drop, "none", argument).asNobodyWith("setuid,setgid"),
                "prctl(PR_CAPBSET_DROP, CAP_CHOWN)",
                "needs CAP_SETPCAP in the effective set, which holds cap_setgid,cap_setuid; lockUnprivileged(identity)"
                        + " does not need it, switches the identity and clears every set except bounding");
    }

    @Test
    void raisesWhatIsPermittedAndNotEffective() {
        try (ObservedChild child = ObservedChild.of(Tries.class, "drop", "setpcap,setuid,setgid", "1000:1000")
                .asNobodyWith("setpcap,setuid,setgid").start()) {
            child.at("before");
            assertThat(child.saidNothingThrown()).isTrue();
            OutsideStatus dropped = child.start().holdingOnly(0).as(1000, 1000).withNoNewPrivs();
            assertThat(child.at("refused")).isEqualTo(dropped);
            assertThat(child.saidNothingThrown()).isTrue();
            assertThat(child.at("refused again")).isEqualTo(dropped);
        }
    }

    @Test
    void refusesAnotherUidWithoutSetuid() {
        refused(ObservedChild.of(Tries.class, "drop", "none", "1000:1000:4").asNobodyWith("setpcap,setgid"),
                "setresuid(1000, 1000, 1000)",
                "needs CAP_SETUID in the effective set, which holds cap_setgid,cap_setpcap");
    }

    @Test
    void refusesAnotherGidWithoutSetgid() {
        refused(ObservedChild.of(Tries.class, "drop", "none", "1000:1000").asNobodyWith("setpcap,setuid"),
                "setresgid(1000, 1000, 1000)",
                "needs CAP_SETGID in the effective set, which holds cap_setuid,cap_setpcap");
    }

    @Test
    void refusesOtherGroupsWithoutSetgid() {
        refused(ObservedChild.of(Tries.class, "drop", "none", "65534:65534:4:24").asNobodyWith("setpcap,setuid"),
                "setgroups([4, 24])", "needs CAP_SETGID in the effective set, which holds cap_setuid,cap_setpcap");
    }

    @ParameterizedTest
    @CsvSource({"dropExcept", "dropBoundingSetExcept", "keepAndSwitch"})
    void refusesToKeepWhatIsNotHeld(String drop) {
        refused(ObservedChild.of(Tries.class, drop, "none", CapMasks.hex(CapMasks.SETUID | CapMasks.SYS_PTRACE | 1L << 62))
                .through("setpriv", "--bounding-set", "-sys_ptrace"), "capset",
                "a kept capability must be in the permitted set, which lacks cap_sys_ptrace,62");
    }

    @Test
    void refusesToKeepWhatBoundingLacks() {
        try (ObservedChild child = ObservedChild.start(KeepsBeyondBounding.class)) {
            OutsideStatus before = child.start().withBounding(child.start().bounding() & ~CapMasks.KILL);
            assertThat(child.at("before")).isEqualTo(before);
            refused(child, "capset", "a kept capability must be in the bounding set, which lacks cap_kill");
            assertThat(child.at("refused")).isEqualTo(before);
        }
    }

    @Test
    void afterARefusalAnotherStepCanBeTaken() {
        try (ObservedChild child = ObservedChild.of(TriesOtherwise.class).asNobodyWith("setpcap,setgid").start()) {
            refused(child, "setresuid(1000, 1000, 1000)",
                    "needs CAP_SETUID in the effective set, which holds cap_setgid,cap_setpcap");
            assertThat(child.at("refused")).isEqualTo(child.start());
            OutsideStatus bounded = child.start().withBounding(0).withInheritable(0).withAmbient(0);
            assertThat(child.at("bounded")).isEqualTo(bounded);
            refused(child, "setresuid(1000, 1000, 1000)",
                    "needs CAP_SETUID in the effective set, which holds cap_setgid,cap_setpcap");
            assertThat(child.at("refused again")).isEqualTo(bounded);
            assertThat(child.at("dropped")).isEqualTo(bounded.holdingOnly(0).withNoNewPrivs());
        }
    }
}
