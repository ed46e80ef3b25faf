package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;

/** A thread that has changed its sets and ids learns why it can no longer launch. */
@Privileged
class LaunchAfterApplyIT {

    private static final long BIND = CapMasks.NET_BIND_SERVICE;

    /** To others than root an execve leaves what is ambient, and a child begins with one. */
    static final class PermittedOnly implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CapabilitySets held = ChildArguments.sets(args[1]);
            Caps.begin(Scope.THREAD).apply(held, Identity.of(1000, 1000));
            points.threw(() -> LaunchWishes.launcher(args[0]).plan());
            points.at("refused");
        }
    }

    @Test
    void permittedWithoutAmbientDoesNotReachAChild() {
        String held =
                Stream.of(BIND | CapMasks.SETPCAP, BIND | CapMasks.SETPCAP, BIND | CapMasks.SETPCAP, 0L, 0L).map(CapMasks::hex)
                        .reduce((a, b) -> a + "/" + b).orElseThrow();
        try (ObservedChild child =
                ObservedChild.start(PermittedOnly.class, LaunchWishes.wish("-", 0, 0, 0, "-", true, "id"), held)) {
            assertThat(child.threw().message()).isEqualTo("prctl(PR_CAPBSET_DROP, CAP_SETPCAP): EPERM: needs CAP_SETPCAP"
                    + " in the effective set, which holds none (this thread is permitted cap_setpcap,"
                    + "cap_net_bind_service, but not ambient, so that what it starts does not receive it)");
            child.at("refused");
        }
    }

    /** A process that changed its ids is not dumpable: its descriptors are root's in /proc. */
    @Test
    void refusesAProcessThatIsNotDumpable() {
        String held = Stream.of(BIND, 0L, 0L, 0L, 0L).map(CapMasks::hex).reduce((a, b) -> a + "/" + b).orElseThrow();
        try (ObservedChild child =
                ObservedChild.start(PermittedOnly.class, LaunchWishes.wish("-", BIND, 0, 0, "-", true, "id"), held)) {
            assertThat(child.threw().message()).startsWith("execve(/proc/").endsWith("): EACCES: a launch starts with a"
                    + " program in memory, and the child cannot reach it: this process is not dumpable (PR_GET_DUMPABLE gives"
                    + " 0), because it has changed its ids or java has file capabilities, and the child does not start with"
                    + " CAP_SYS_PTRACE");
            child.at("refused");
        }
    }
}
