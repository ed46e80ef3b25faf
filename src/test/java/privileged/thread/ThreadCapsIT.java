package privileged.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadCaps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Smoke;

/** Single sets of one thread: what the kernel allows is done, and nothing else with it. */
@Privileged
@Smoke
class ThreadCapsIT {

    private static final long BOTH = CapMasks.NET_RAW | CapMasks.KILL;

    /** One change for each argument: a method, a set, and names or a mask. */
    static final class Changes implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            for (String arg : args) {
                String[] words = arg.split(" ");
                SetKind kind = SetKind.valueOf(words[1]);
                switch (words[0]) {
                    case "set" -> caps.set(kind, CapabilitySet.ofMask(words[2]));
                    case "raise" -> caps.raise(kind, capabilities(words));
                    case "lower" -> caps.lower(kind, capabilities(words));
                    case "clear" -> caps.clear(kind);
                    default -> throw new IllegalArgumentException(arg);
                }
                points.at(arg);
            }
        }

        static Capability[] capabilities(String[] words) {
            return Arrays.stream(words).skip(2).map(Capability::of).toArray(Capability[]::new);
        }
    }

    /** Says each set in three ways. */
    static final class Reads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            ThreadCaps caps = Caps.thisThread();
            for (SetKind kind : SetKind.values()) {
                points.say(caps.read(kind).mask());
                points.say(caps.read().get(kind).mask());
                points.say(caps.has(kind, Capability.CAP_KILL) + " " + caps.has(kind, Capability.CAP_SETUID));
            }
        }
    }

    @Test
    void readsEachSet() {
        try (ObservedChild child = ObservedChild.of(Reads.class).inheriting("setuid,kill", "setuid").start()) {
            OutsideStatus start = child.start();
            reads(child, start.bounding(), "true true");
            reads(child, start.permitted(), "true true");
            reads(child, start.effective(), "true true");
            reads(child, CapMasks.SETUID | CapMasks.KILL, "true true");
            reads(child, CapMasks.SETUID, "false true");
        }
    }

    private static void reads(ObservedChild child, long set, String has) {
        assertThat(child.said()).isEqualTo(CapMasks.hex(set));
        assertThat(child.said()).isEqualTo(CapMasks.hex(set));
        assertThat(child.said()).isEqualTo(has);
    }

    @Test
    void boundingIsLoweredAndNothingElse() {
        try (ObservedChild child = ObservedChild.of(Changes.class, "lower BOUNDING kill net_raw",
                "set BOUNDING " + CapMasks.hex(CapMasks.SETUID), "clear BOUNDING", "clear BOUNDING")
                .inheriting("kill,setuid", "kill").start()) {
            OutsideStatus start = child.start();
            assertThat(child.at("lower BOUNDING kill net_raw"))
                    .isEqualTo(start.withBounding(start.bounding() & ~BOTH));
            assertThat(child.at("set BOUNDING " + CapMasks.hex(CapMasks.SETUID))).isEqualTo(start.withBounding(CapMasks.SETUID));
            assertThat(child.at("clear BOUNDING")).isEqualTo(start.withBounding(0));
            assertThat(child.at("clear BOUNDING")).isEqualTo(start.withBounding(0));
        }
    }

    @Test
    void loweringPermittedLowersEffectiveAndAmbientWithIt() {
        try (ObservedChild child =
                ObservedChild.of(Changes.class, "lower PERMITTED kill", "set PERMITTED " + CapMasks.hex(CapMasks.SETUID),
                        "clear PERMITTED", "clear PERMITTED").inheriting("kill,setuid", "kill,setuid").start()) {
            OutsideStatus start = child.start();
            long rest = start.permitted() & ~CapMasks.KILL;
            assertThat(child.at("lower PERMITTED kill"))
                    .isEqualTo(start.withPermitted(rest).withEffective(rest).withAmbient(CapMasks.SETUID));
            assertThat(child.at("set PERMITTED " + CapMasks.hex(CapMasks.SETUID)))
                    .isEqualTo(start.withPermitted(CapMasks.SETUID).withEffective(CapMasks.SETUID).withAmbient(CapMasks.SETUID));
            OutsideStatus none = start.withPermitted(0).withEffective(0).withAmbient(0);
            assertThat(child.at("clear PERMITTED")).isEqualTo(none);
            assertThat(child.at("clear PERMITTED")).isEqualTo(none);
        }
    }

    @Test
    void loweringPermittedTakesOneCapset(@TempDir Path directory) throws IOException {
        Path trace = directory.resolve("trace");
        try (ObservedChild child = ObservedChild.of(Changes.class, "lower PERMITTED kill")
                .traced(trace, "--seccomp-bpf", "-e", "trace=capset,prctl")
                .inheriting("kill,setuid", "kill,setuid").start()) {
            OutsideStatus start = child.start();
            long rest = start.permitted() & ~CapMasks.KILL;
            assertThat(child.at("lower PERMITTED kill"))
                    .isEqualTo(start.withPermitted(rest).withEffective(rest).withAmbient(CapMasks.SETUID));
        }
        assertThat(Files.readAllLines(trace)).filteredOn(line -> line.contains("capset(")).hasSize(1);
        assertThat(Files.readAllLines(trace)).as("changes of the ambient set")
                .noneMatch(line -> line.contains("PR_CAP_AMBIENT,") && !line.contains("PR_CAP_AMBIENT_IS_SET"));
    }

    @Test
    void effectiveIsRaisedWithinPermittedAndLoweredFreely() {
        try (ObservedChild child = ObservedChild.start(Changes.class, "clear EFFECTIVE", "raise EFFECTIVE kill net_raw",
                "lower EFFECTIVE kill", "set EFFECTIVE " + CapMasks.hex(CapMasks.SETGID))) {
            OutsideStatus start = child.start();
            assertThat(child.at("clear EFFECTIVE")).isEqualTo(start.withEffective(0));
            assertThat(child.at("raise EFFECTIVE kill net_raw")).isEqualTo(start.withEffective(BOTH));
            assertThat(child.at("lower EFFECTIVE kill")).isEqualTo(start.withEffective(CapMasks.NET_RAW));
            assertThat(child.at("set EFFECTIVE " + CapMasks.hex(CapMasks.SETGID)))
                    .isEqualTo(start.withEffective(CapMasks.SETGID));
        }
    }

    @Test
    void loweringInheritableMasksAmbient() {
        try (ObservedChild child = ObservedChild.start(Changes.class, "raise INHERITABLE kill net_raw setuid",
                "set AMBIENT " + CapMasks.hex(BOTH), "lower INHERITABLE kill", "clear INHERITABLE")) {
            OutsideStatus start = child.start();
            OutsideStatus raised = start.withInheritable(BOTH | CapMasks.SETUID);
            assertThat(child.at("raise INHERITABLE kill net_raw setuid")).isEqualTo(raised);
            assertThat(child.at("set AMBIENT " + CapMasks.hex(BOTH))).isEqualTo(raised.withAmbient(BOTH));
            assertThat(child.at("lower INHERITABLE kill"))
                    .isEqualTo(start.withInheritable(CapMasks.NET_RAW | CapMasks.SETUID).withAmbient(CapMasks.NET_RAW));
            assertThat(child.at("clear INHERITABLE")).isEqualTo(start.withInheritable(0).withAmbient(0));
        }
    }

    @Test
    void raisesInheritableWithinPermittedOrBounding() {
        try (ObservedChild child = ObservedChild.start(Changes.class, "lower PERMITTED kill", "raise INHERITABLE kill",
                "lower EFFECTIVE setpcap", "raise INHERITABLE net_raw")) {
            long rest = child.start().permitted() & ~CapMasks.KILL;
            OutsideStatus lowered = child.start().withPermitted(rest).withEffective(rest);
            assertThat(child.at("lower PERMITTED kill")).isEqualTo(lowered);
            assertThat(child.at("raise INHERITABLE kill")).isEqualTo(lowered.withInheritable(CapMasks.KILL));
            child.at("lower EFFECTIVE setpcap");
            assertThat(child.at("raise INHERITABLE net_raw"))
                    .isEqualTo(lowered.withEffective(rest & ~CapMasks.SETPCAP).withInheritable(BOTH));
        }
    }

    @Test
    void raisesAndLowersAmbientWithoutPrivilege() {
        try (ObservedChild child = ObservedChild.of(Changes.class, "clear EFFECTIVE", "raise AMBIENT kill",
                "set AMBIENT " + CapMasks.hex(BOTH), "lower AMBIENT kill", "set AMBIENT " + CapMasks.hex(CapMasks.KILL),
                "clear AMBIENT")
                .inheriting("kill,net_raw", "").start()) {
            OutsideStatus start = child.start().withEffective(0);
            assertThat(child.at("clear EFFECTIVE")).isEqualTo(start);
            assertThat(child.at("raise AMBIENT kill")).isEqualTo(start.withAmbient(CapMasks.KILL));
            assertThat(child.at("set AMBIENT " + CapMasks.hex(BOTH))).isEqualTo(start.withAmbient(BOTH));
            assertThat(child.at("lower AMBIENT kill")).isEqualTo(start.withAmbient(CapMasks.NET_RAW));
            assertThat(child.at("set AMBIENT " + CapMasks.hex(CapMasks.KILL))).isEqualTo(start.withAmbient(CapMasks.KILL));
            assertThat(child.at("clear AMBIENT")).isEqualTo(start);
        }
    }
}
