package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.nio.file.Path;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A call fails when the thread can no longer read the classes of the library: the error is reported all the same. */
@Privileged
@SameInContainers
class UnreadableFailuresIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** Fails after the identity has been switched, or answers as if it had not failed. */
    static final class Fails implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            SeccompFilter.refuse(Integer.parseInt(args[0]), Syscalls.Call.PRCTL, Syscalls.PR_SET_NO_NEW_PRIVS);
            points.threw(() -> initial.dropExcept(CapabilitySet.of(Capability.CAP_KILL), SOMEBODY));
            points.at("failed");
            points.threw(() -> initial.apply(ChildArguments.sets("0/0/0/0/0")));
            points.at("still");
        }
    }

    static final class CannotReadBack implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.threw(() -> bounded.switchIdentity(SOMEBODY));
            points.at("unread");
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void aCallThatFailsIsReported() {
        Thrown thrown = failing(Syscalls.EPERM);
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.syscall()).isEqualTo("prctl(PR_SET_NO_NEW_PRIVS, 1)");
        assertThat(thrown.changed()).isTrue();
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void aVerificationThatFailsIsReported() {
        Thrown thrown = failing(SeccompFilter.IGNORED);
        assertThat(thrown.type()).isEqualTo("VerificationException");
        assertThat(thrown.message()).contains("no_new_privs: expected true, observed false");
        assertThat(thrown.changed()).isTrue();
    }

    private static Thrown failing(int errno) {
        try (ObservedChild child = UnreadableClassesIT.unreadable(Fails.class, Integer.toString(errno)).start()) {
            Thrown thrown = child.threw();
            OutsideStatus switched = child.start().holdingOnly(CapMasks.KILL).as(NOBODY, NOBODY);
            assertThat(child.at("failed")).isEqualTo(switched);
            assertThat(child.threw().type()).isEqualTo("IllegalStateException");
            assertThat(child.at("still")).isEqualTo(switched);
            return thrown;
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_STRACE)
    void aStateThatCannotBeReadBackIsReported(@TempDir Path directory) {
        try (ObservedChild child = UnreadableClassesIT.unreadable(CannotReadBack.class)
                .traced(directory.resolve("trace"), InjectedFailuresIT.lastOfSwitch(directory)).start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("unread")).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY));
            assertThat(thrown.type()).isEqualTo("CapsException");
            assertThat(thrown.changed()).isTrue();
        }
    }
}
