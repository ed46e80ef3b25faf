package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;

import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.RestrictedTask;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.TestIds;

/** A user who may have no more threads is told so, and not that memory is out. */
@Privileged
@SameInContainers
class ThreadLimitIT {

    static final class Limited implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.at("unlimited");
            points.threw(() -> Caps.begin(Scope.PROCESS));
            points.threw(() -> RestrictedTask.call(Phase.Initial::lockUnprivileged, () -> 0));
        }
    }

    @Test
    void namesTheLimit() {
        try (ObservedChild child =
                ObservedChild.of(Limited.class).withoutCache().as(TestIds.ANYBODY, "").option("-Xlog:disable").start()) {
            child.at("unlimited");
            String user = Long.toString(TestIds.ANYBODY); // root needs CAP_SYS_RESOURCE for limits of another user
            Command.run("setpriv", "--reuid", user, "--regid", user, "--clear-groups", "prlimit", "--pid",
                    Long.toString(child.process()), "--nproc=1:1");
            for (int i = 0; i < 2; i++) {
                assertThat(child.threw().message()).isEqualTo("clone(): EAGAIN: the user has as many processes and threads as"
                        + " RLIMIT_NPROC allows, or the cgroup as many as its pids.max, or memory is short");
            }
        }
    }
}
