package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A call that answers 0 and does nothing, as a seccomp filter can arrange, is found out by reading back. */
@Privileged(also = CapMasks.FOR_FILTERS)
class IgnoredCallsIT {

    private static final long KEPT = CapMasks.SETUID | CapMasks.KILL;
    private static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_SETUID, Capability.CAP_KILL);
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 4);

    private static void ignore(String call) {
        String[] words = call.split(" ");
        SeccompFilter.refuse(SeccompFilter.IGNORED, Syscalls.Call.valueOf(words[0]),
                Stream.of(words).skip(1).mapToLong(Long::parseLong).toArray());
    }

    static final class Drops implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            ignore(args[0]);
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("found");
            points.threw(initial::dropAll);
            points.at("other step");
        }
    }

    static final class ChangesSets implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            caps.raise(SetKind.INHERITABLE, Capability.CAP_KILL);
            ignore("CAPSET");
            ignore("PRCTL " + Syscalls.PR_CAPBSET_DROP);
            ignore("PRCTL " + Syscalls.PR_CAP_AMBIENT);
            points.at("before");
            points.threw(() -> caps.lower(SetKind.PERMITTED, Capability.CAP_KILL));
            points.threw(() -> caps.lower(SetKind.BOUNDING, Capability.CAP_KILL));
            points.threw(() -> caps.raise(SetKind.AMBIENT, Capability.CAP_KILL));
            points.at("after");
        }
    }

    private static UnaryOperator<OutsideStatus> leaves(UnaryOperator<OutsideStatus> how) {
        return how;
    }

    /** The whole drop, but for what was not done. */
    static Stream<Arguments> calls() {
        UnaryOperator<OutsideStatus> dropped = s -> s.holdingOnly(KEPT).as(NOBODY, NOBODY, 4L).withNoNewPrivs();
        return Stream.of(
                Arguments.of("PRCTL 24", "bounding: expected cap_kill,cap_setuid, observed ",
                        leaves(s -> s.withPermitted(KEPT).withEffective(KEPT).as(NOBODY, NOBODY, 4L).withNoNewPrivs())),
                Arguments.of("PRCTL 24 19", "bounding: expected cap_kill,cap_setuid, observed"
                        + " cap_kill,cap_setuid,cap_sys_ptrace, leaked cap_sys_ptrace",
                        leaves(s -> dropped.apply(s).withBounding(KEPT | CapMasks.SYS_PTRACE))),
                Arguments.of("SETGROUPS", "groups: expected [4], observed [0, 27]",
                        leaves(s -> s.holdingOnly(KEPT).withUid(NOBODY).withGid(NOBODY).withNoNewPrivs())),
                Arguments.of("SETRESGID", "gids: expected 65534, observed 0",
                        leaves(s -> dropped.apply(s).withGid(0))),
                Arguments.of("SETRESUID", "uids: expected 65534, observed 0", leaves(s -> dropped.apply(s).withUid(0))),
                Arguments.of("CAPSET", "effective: expected cap_kill,cap_setuid, observed none",
                        leaves(s -> s.withBounding(KEPT).withEffective(0).as(NOBODY, NOBODY, 4L).withNoNewPrivs())),
                Arguments.of("PRCTL 8 0", "securebits: expected none, observed keep_caps", dropped),
                Arguments.of("PRCTL 38", "no_new_privs: expected true, observed false",
                        leaves(s -> s.holdingOnly(KEPT).as(NOBODY, NOBODY, 4L))));
    }

    @ParameterizedTest
    @MethodSource("calls")
    void isFoundByTheStepThatMadeIt(String call, String difference, UnaryOperator<OutsideStatus> left) {
        try (ObservedChild child = ObservedChild.of(Drops.class, call).through("setpriv", "--groups", "0,27").start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("found")).isEqualTo(left.apply(child.start()));
            assertThat(thrown.type()).isEqualTo("VerificationException");
            assertThat(thrown.message()).startsWith("drop: not verified:")
                    .contains("thread " + child.thread() + " (java) ", difference);
            assertThat(thrown.changed()).isTrue();
            assertThat(child.threw().type()).isEqualTo("IllegalStateException");
            assertThat(child.at("other step")).isEqualTo(left.apply(child.start()));
        }
    }

    /** Then permitted is lost, and cannot be narrowed to what was to be kept. */
    @Test
    void detectsThatKeepCapsWasIgnored() {
        try (ObservedChild child = ObservedChild.start(Drops.class, "PRCTL 8 1")) {
            Thrown thrown = child.threw();
            OutsideStatus lost = child.start().withSets(KEPT, 0, 0, 0, 0).as(NOBODY, NOBODY, 4L);
            assertThat(child.at("found")).isEqualTo(lost);
            assertThat(thrown.syscall()).startsWith("capset(effective=cap_kill,cap_setuid");
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            assertThat(thrown.changed()).isTrue();
            child.threw();
            assertThat(child.at("other step")).isEqualTo(lost);
        }
    }

    @Test
    void isFoundInSingleSetsToo() {
        try (ObservedChild child = ObservedChild.start(ChangesSets.class)) {
            OutsideStatus before = child.start().withInheritable(CapMasks.KILL);
            assertThat(child.at("before")).isEqualTo(before);
            for (String leaked : new String[] {"leaked cap_kill", "leaked cap_kill",
                "ambient: expected cap_kill, observed none"}) {
                Thrown thrown = child.threw();
                assertThat(thrown.type()).isEqualTo("VerificationException");
                assertThat(thrown.message()).contains(leaked);
                assertThat(thrown.changed()).isFalse();
            }
            assertThat(child.at("after")).isEqualTo(before);
        }
    }
}
