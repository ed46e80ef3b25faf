package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import java.util.Arrays;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/**
 * A call that no rule forbids fails in the middle of a drop with something kept: a seccomp filter on the thread
 * refuses it. What the exception says is compared with the state outside; that KEEPCAPS is off is seen by what
 * happens at the next change of the uid, as in {@link KeepCapsIT}.
 */
@Privileged(also = CapMasks.FOR_FILTERS)
class FailingCallsIT {

    static final long KEPT = CapMasks.SETUID | CapMasks.KILL;
    static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_SETUID, Capability.CAP_KILL);
    static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY, 4);
    static final String FILTERED =
            "no rule of capabilities(7) forbids this call; the cause can be a security module or a seccomp filter";
    static final String HALFWAY = " (part of the change is already made)";

    /** The errno, the call and its first arguments come first in the arguments of each scenario. */
    static void refuse(String... args) {
        String[] words = args[0].split(" ");
        SeccompFilter.refuse(Integer.parseInt(words[0]), Syscalls.Call.valueOf(words[1]),
                Arrays.stream(words).skip(2).mapToLong(Long::parseLong).toArray());
    }

    /** Tries the whole drop twice, then becomes root again with the CAP_SETUID that was kept, and somebody else. */
    static final class Drops implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            refuse(args);
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("failed");
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("failed again");
            KeepCapsIT.beRootOnceMore(points);
        }
    }

    /** Only tries. */
    static final class Tries implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            refuse(args);
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("failed");
            points.threw(initial::dropAll);
            points.at("other step");
        }
    }

    static void failed(ObservedChild child, String syscall, String errno, String rule, boolean changed) {
        Thrown thrown = child.threw();
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.message()).isEqualTo(syscall + ": " + errno + ": " + rule + (changed ? HALFWAY : ""));
        assertThat(thrown.syscall()).isEqualTo(syscall);
        assertThat(thrown.errnoName()).isEqualTo(errno);
        assertThat(thrown.changed()).isEqualTo(changed);
    }

    @Test
    void reportsFailedSetgroupsAfterBoundingIsDropped() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "1 SETGROUPS")) {
            failed(child, "setgroups([4])", "EPERM", FILTERED, true);
            assertThat(child.at("failed")).isEqualTo(child.start().withBounding(KEPT));
            assertThat(child.threw().message())
                    .isEqualTo("drop: drop() failed halfway; only the same step can be tried again");
            assertThat(child.at("other step")).isEqualTo(child.start().withBounding(KEPT));
        }
    }

    @Test
    void boundingIsDroppedByHalf() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "1 PRCTL 24 21")) {
            long left = child.start().bounding() & -CapMasks.SYS_ADMIN | KEPT;
            failed(child, "prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN)", "EPERM", FILTERED, true);
            assertThat(child.at("failed")).isEqualTo(child.start().withBounding(left));
            child.threw();
            assertThat(child.at("other step")).isEqualTo(child.start().withBounding(left));
        }
    }

    @Test
    void reportsAFailedCapset() {
        try (ObservedChild child = ObservedChild.start(Tries.class, "1 CAPSET")) {
            failed(child, "capset(effective=cap_kill,cap_setuid, permitted=cap_kill,cap_setuid, inheritable=none)",
                    "EPERM", FILTERED, true);
            OutsideStatus halfway = child.start().withBounding(KEPT).withEffective(0).as(ANYBODY, ANYBODY, 4L);
            assertThat(child.at("failed")).isEqualTo(halfway);
            child.threw();
            assertThat(child.at("other step")).isEqualTo(halfway);
        }
    }

    @Test
    void failsIfNoNewPrivsIsRefused() {
        try (ObservedChild child = ObservedChild.start(Drops.class, "1 PRCTL 38")) {
            OutsideStatus switched = child.start().holdingOnly(KEPT).as(ANYBODY, ANYBODY, 4L);
            failed(child, "prctl(PR_SET_NO_NEW_PRIVS, 1)", "EPERM", FILTERED, true);
            assertThat(child.at("failed")).isEqualTo(switched);
            failed(child, "prctl(PR_SET_NO_NEW_PRIVS, 1)", "EPERM", FILTERED, false);
            assertThat(child.at("failed again")).isEqualTo(switched);
            assertThat(child.at("root again")).isEqualTo(switched.withUid(0));
            assertThat(child.at("away")).isEqualTo(switched.awayFromRoot());
        }
    }

    @Test
    void namesAThreadThatKeepsKeepCaps() {
        try (ObservedChild child = ObservedChild.start(Drops.class, "1 PRCTL 8 0")) {
            OutsideStatus switched = child.start().holdingOnly(KEPT).as(ANYBODY, ANYBODY, 4L).withNoNewPrivs();
            Thrown thrown = child.threw();
            assertThat(child.at("failed")).isEqualTo(switched);
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.message()).isEqualTo("prctl(PR_SET_KEEPCAPS, 0): EPERM: " + FILTERED
                    + "; KEEPCAPS is still on in thread " + child.thread() + " (java)" + HALFWAY);
            assertThat(thrown.changed()).isTrue();
            assertThat(child.threw().message()).contains("KEEPCAPS is still on in thread " + child.thread());
            assertThat(child.at("failed again")).isEqualTo(switched);
            assertThat(child.at("root again")).isEqualTo(switched.withUid(0));
            assertThat(child.at("away")).as("KEEPCAPS is on indeed").isEqualTo(switched.withEffective(0).withUid(1000));
        }
    }
}
