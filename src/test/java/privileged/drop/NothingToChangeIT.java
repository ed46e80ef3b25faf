package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import nucleus.caps.Capability;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;

/** What is already so is not asked for again, and needs no privilege. */
@Privileged
class NothingToChangeIT {

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).drop(Identity.of(ANYBODY, ANYBODY));
            points.at("dropped");
        }
    }

    /** Then CAP_SETPCAP itself. */
    static final class DropsBoundingFirst implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            ThreadCaps caps = Caps.thisThread();
            caps.clear(SetKind.BOUNDING);
            caps.lower(SetKind.PERMITTED, Capability.CAP_SETPCAP);
            caps.lower(SetKind.INHERITABLE, Capability.CAP_SETPCAP);
            points.at("rest");
            initial.drop(Identity.of(ANYBODY, ANYBODY));
            points.at("dropped");
        }
    }

    static final class Applies implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.THREAD).apply(Caps.thread().sets(), Identity.of(ANYBODY, ANYBODY));
            points.at("applied");
        }
    }

    @Test
    void needsNoPrivilegeToDropNothing() {
        try (ObservedChild child = ObservedChild.of(Drops.class).through("setpriv", "--reuid", "65533", "--regid", "65533",
                "--clear-groups", "--bounding-set", "-all", "--inh-caps", "-all").start()) {
            assertThat(child.start().holdingOnly(0)).isEqualTo(child.start());
            assertThat(child.at("dropped")).isEqualTo(child.start().withNoNewPrivs());
        }
    }

    @Test
    void needsNoSetpcapWhenBoundingIsEmpty() {
        try (ObservedChild child = ObservedChild.of(DropsBoundingFirst.class).as(ANYBODY, "setpcap,kill").start()) {
            OutsideStatus rest = child.start().withSets(0, CapMasks.KILL, CapMasks.KILL, CapMasks.KILL, CapMasks.KILL);
            assertThat(child.at("rest")).isEqualTo(rest);
            assertThat(child.at("dropped")).isEqualTo(rest.holdingOnly(0).withNoNewPrivs());
        }
    }

    @Test
    void needsNoPrivilegeForTheSameIdentity() {
        try (ObservedChild child = ObservedChild.of(Applies.class).as(ANYBODY, "kill").start()) {
            assertThat(child.start().effective()).isEqualTo(CapMasks.KILL);
            assertThat(child.at("applied")).isEqualTo(child.start());
        }
    }
}
