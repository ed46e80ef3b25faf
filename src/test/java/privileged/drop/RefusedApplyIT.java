package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** Sets that cannot be reached are refused with what is missing; to settle for less is the caller's choice. */
@Privileged
class RefusedApplyIT {

    private static final long SOME = CapMasks.SETUID | CapMasks.SETGID | CapMasks.SETPCAP;
    private static final long MISSING = CapMasks.KILL | CapMasks.SYS_PTRACE;

    static final class Tries implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.apply(ChildArguments.sets(args[0])));
            points.at("refused");
            points.threw(() -> initial.apply(ChildArguments.sets(args[0]), Identity.of(1000, 1000, 4)));
            points.at("refused again");
        }
    }

    static final class Settles implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            CapabilitySet held = Caps.thread().sets().bounding();
            CapabilitySets asked = ChildArguments.sets(args[0]);
            points.threw(() -> initial.apply(asked));
            initial.apply(new CapabilitySets(asked.bounding().intersect(held),
                    asked.permitted().intersect(held), asked.effective().intersect(held), asked.inheritable(),
                    asked.ambient()));
            points.at("applied");
        }
    }

    static Stream<Arguments> rows() {
        OutsideStatus any = OutsideStatus.mine();
        return Stream.of(
                arguments(any.withSets(SOME | MISSING, SOME, SOME, 0, 0), "prctl(PR_CAPBSET_DROP)",
                        "nothing can be added to bounding, which lacks cap_kill,cap_sys_ptrace"),
                arguments(any.withSets(SOME, SOME | MISSING, SOME, 0, 0), "capset",
                        "nothing can be added to permitted, which lacks cap_kill,cap_sys_ptrace"),
                arguments(any.withSets(SOME, CapMasks.SETUID, CapMasks.SETUID | CapMasks.SETGID, 0, 0), "capset",
                        "effective must be a subset of permitted, which lacks cap_setgid"),
                arguments(any.withSets(SOME, SOME, SOME, MISSING, 0), "capset",
                        "a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in permitted), which"
                                + " lacks cap_kill,cap_sys_ptrace"),
                arguments(any.withSets(SOME, CapMasks.SETUID, 0, SOME, CapMasks.SETGID), "prctl(PR_CAP_AMBIENT)",
                        "ambient must be a subset of permitted, which lacks cap_setgid"),
                arguments(any.withSets(SOME, SOME, SOME, CapMasks.SETUID, SOME), "prctl(PR_CAP_AMBIENT)",
                        "ambient must be a subset of inheritable, which lacks cap_setgid,cap_setpcap"),
                arguments(any.withSets(SOME | 1L << 62, SOME, SOME, 0, 0), "prctl(PR_CAPBSET_DROP)",
                        "nothing can be added to bounding, which lacks 62"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void refusesUnreachableSets(OutsideStatus asked, String syscall, String rule) {
        try (ObservedChild child = ObservedChild.of(Tries.class, asked.masks())
                .through("setpriv", "--bounding-set", "-all,+setuid,+setgid,+setpcap", "--inh-caps", "-all").start()) {
            assertThat(child.start()).isEqualTo(child.start().holdingOnly(SOME));
            for (String point : new String[] {"refused", "refused again"}) {
                Thrown thrown = child.threw();
                assertThat(thrown.type()).isEqualTo("CapsException");
                assertThat(thrown.message()).isEqualTo(syscall + ": EPERM: " + rule);
                assertThat(thrown.changed()).isFalse();
                assertThat(child.at(point)).isEqualTo(child.start());
            }
        }
    }

    @Test
    void inheritableBeyondPermittedNeedsSetpcap() {
        String asked = OutsideStatus.mine().withSets(OutsideStatus.mine().bounding(), 0, 0, CapMasks.KILL, 0).masks();
        try (ObservedChild child = ObservedChild.of(Tries.class, asked).asNobodyWith("setuid,setgid").start()) {
            for (String point : new String[] {"refused", "refused again"}) {
                Thrown thrown = child.threw();
                assertThat(thrown.message()).isEqualTo(
                        "capset: EPERM: a capability added to inheritable must be in bounding (without CAP_SETPCAP, also in"
                                + " permitted), which lacks cap_kill");
                assertThat(thrown.changed()).isFalse();
                assertThat(child.at(point)).isEqualTo(child.start());
            }
        }
    }

    @Test
    void aCallerMaySettleForLess() {
        OutsideStatus asked = OutsideStatus.mine().withSets(SOME | MISSING, CapMasks.SETUID | CapMasks.KILL, CapMasks.KILL, 0, 0);
        try (ObservedChild child = ObservedChild.of(Settles.class, asked.masks())
                .through("setpriv", "--bounding-set", "-all,+setuid,+setgid,+setpcap", "--inh-caps", "-all").start()) {
            assertThat(child.threw().errnoName()).isEqualTo("EPERM");
            assertThat(child.at("applied")).isEqualTo(asked.withSets(SOME, CapMasks.SETUID, 0, 0, 0));
        }
    }
}
