package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Smoke;
import privileged.harness.Syscalls;

/** The JVM becomes another program, which holds what the phase ended with. */
@Privileged
@Smoke
class ExecIT {

    private static final long BIND = CapMasks.NET_BIND_SERVICE;
    private static final Map<String, String> ENVIRONMENT = Map.of("NAME", "a = b", "PATH", "/bin");

    /** Prints as a child of the harness does. */
    private static final String SAYS = "while read -r key value; do case $key in Pid:|SigBlk:|SigIgn:|Threads:)"
            + " echo \"SAID $key $value\";; esac; done </proc/self/status; echo SAID /proc/self/fd/*;"
            + " echo \"SAID $NAME $0 $1\"; echo \"AT $$ replaced\"; read -r go";

    /** Drops, and becomes a shell. */
    static final class Replaces implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.valueOf(args[0]));
            Phase.Ended ended =
                    args.length > 1 ? initial.apply(ChildArguments.sets(args[1]), ChildArguments.identity("1000:1000:7"))
                            : initial.drop(ChildArguments.identity("65534:65534:4"));
            points.at("dropped");
            ended.exec(List.of("sh", "-c", SAYS, "a b", ""), ENVIRONMENT);
        }
    }

    /** Other threads open descriptors that are not close-on-exec, and never stop. */
    static final class OpensMeanwhile implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Dropped dropped = Caps.begin(Scope.THREAD).dropAll();
            MemorySegment name = Arena.global().allocateFrom("meanwhile");
            for (int i = 0; i < 4; i++) {
                Thread.ofPlatform().daemon().start(() -> {
                    while (true) {
                        Syscalls.close(Syscalls.make(Syscalls.Call.MEMFD_CREATE.number(), name.address(), 0));
                    }
                });
            }
            dropped.exec(List.of("sh", "-c", "set -- /proc/self/fd/*; echo SAID $*; readlink $* | grep -c meanwhile"
                    + " | sed 's/^/SAID /'"));
        }
    }

    private static ChildCommand ignoring(ChildCommand launch) {
        return ignoringNothing(launch.after("trap '' HUP USR1"));
    }

    /** A build in the background ignores SIGINT and SIGQUIT. */
    private static ChildCommand ignoringNothing(ChildCommand launch) {
        return launch.through("env", "--default-signal");
    }

    private static void isReplaced(ObservedChild child, OutsideStatus dropped, String ignored) {
        long process = child.process();
        assertThat(child.said()).isEqualTo("Pid: " + process);
        assertThat(child.said()).isEqualTo("Threads: 1");
        assertThat(child.said()).isEqualTo("SigBlk: 0000000000000000");
        assertThat(child.said()).matches("SigIgn: [0-9a-f]{13}" + ignored); // the first two are of the C library
        assertThat(child.said()).matches("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2( /proc/self/fd/3)?");
        assertThat(child.said()).isEqualTo("a = b a b ");
        assertThat(child.at("replaced")).isEqualTo(dropped);
        assertThat(child.thread()).isEqualTo(process);
    }

    @ParameterizedTest
    @EnumSource
    void programHoldsTheStateOfThePhase(Scope scope) {
        try (ObservedChild child = ignoring(ObservedChild.of(Replaces.class, scope.name())).start()) {
            ObservedChild whole = scope == Scope.PROCESS ? child.together() : child;
            OutsideStatus dropped = whole.at("dropped");
            assertThat(dropped).isEqualTo(child.start().holdingOnly(0).as(NOBODY, NOBODY, 4L).withNoNewPrivs());
            isReplaced(whole, dropped, "201");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsAmbientIsKept(Scope scope) {
        String sets = String.join("/", CapMasks.hex(BIND), CapMasks.hex(BIND), CapMasks.hex(BIND), CapMasks.hex(BIND),
                CapMasks.hex(BIND));
        try (ObservedChild child = ignoringNothing(ObservedChild.of(Replaces.class, scope.name(), sets)).start()) {
            ObservedChild whole = scope == Scope.PROCESS ? child.together() : child;
            OutsideStatus dropped = whole.at("dropped");
            assertThat(dropped.ambient()).isEqualTo(BIND);
            isReplaced(whole, dropped, "000");
        }
    }

    /** The four threads would leave a descriptor in about half of the programs. */
    @RepeatedTest(6)
    void programGetsNoDescriptorOfAnotherThread() {
        try (ObservedChild child = ObservedChild.start(OpensMeanwhile.class)) {
            assertThat(child.said()).matches("/proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2( /proc/self/fd/3)?");
            assertThat(child.said()).isEqualTo("0");
        }
    }
}
