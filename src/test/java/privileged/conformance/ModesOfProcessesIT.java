package privileged.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.Iab;
import nucleus.caps.Mode;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Command;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A mode and an IAB tuple that a whole process takes, as getpcaps and /proc show them. */
@Privileged
@SameInContainers
class ModesOfProcessesIT {

    /** What a process hands on, as getpcaps tells it. */
    static final class Applies implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.valueOf(args[0])).apply(Iab.parse(args[1]));
            points.at("applied");
            points.say(Caps.thread().iab(Caps.supported()));
            points.say(Mode.of(Caps.threads()));
        }
    }

    @ParameterizedTest
    @EnumSource(Scope.class)
    void appliesAnIabThatGetpcapsShows(Scope scope) throws Exception {
        String text = "!cap_chown,^cap_kill,%cap_sys_chroot,!%cap_setuid";
        try (ObservedChild held = ObservedChild.start(Applies.class, scope.name(), text)) {
            ObservedChild child = scope == Scope.PROCESS ? held.together() : held;
            OutsideStatus start = child.start();
            assertThat(child.at("applied")).isEqualTo(start.withSets(start.bounding() & ~(CapMasks.CHOWN | CapMasks.SETUID),
                    start.permitted(), start.effective(), CapMasks.KILL | CapMasks.SYS_CHROOT | CapMasks.SETUID, CapMasks.KILL));
            List<String> getpcaps = Command.lines("getpcaps", "--iab", Long.toString(child.thread()));
            assertThat(getpcaps.getFirst()).endsWith(" [" + child.said() + "]");
            assertThat(child.said()).isEqualTo("HYBRID");
        }
    }

    @Test
    void readsTheIabOfOtherProcessesAsGetpcapsDoes() throws Exception {
        try (ObservedChild child = ObservedChild.of(Nothing.class).inheriting("kill,setuid", "kill").start()) {
            for (long pid : new long[] {1, ProcessHandle.current().pid(), child.process()}) {
                String iab = Caps.process(pid).iab(Caps.supported()).toString();
                assertThat(Command.lines("getpcaps", "--iab", Long.toString(pid)).getFirst())
                        .endsWith(iab.isEmpty() ? "\"" : " [" + iab + "]");
            }
        }
    }

    static final class Nothing implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            // It is looked at where it starts.
        }
    }

    /** Every thread of a process enters a mode. */
    static final class Enters implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.valueOf(args[1])).enter(Mode.valueOf(args[0]));
            points.at("entered");
            points.say(Mode.of(Caps.threads()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Mode.class, names = {"NOPRIV", "PURE1E_INIT", "PURE1E", "HYBRID"})
    void everyThreadEntersAMode(Mode mode) {
        try (ObservedChild child =
                ObservedChild.of(Enters.class, mode.name(), "PROCESS").inheriting("kill,setuid", "kill").start().together()) {
            OutsideStatus entered = child.start().withEffective(0);
            OutsideStatus pure = entered.withAmbient(0);
            assertThat(child.at("entered")).isEqualTo(switch (mode) {
                case HYBRID -> entered;
                case PURE1E -> pure;
                case PURE1E_INIT -> pure.withInheritable(0);
                default -> child.start().holdingOnly(0).withNoNewPrivs();
            });
            assertThat(child.said()).isEqualTo(mode.name());
        }
    }

    @Test
    void reportsNoModeWhenThreadsDiffer() {
        try (ObservedChild child = ObservedChild.start(Enters.class, "PURE1E", "THREAD")) {
            assertThat(child.at("entered")).isEqualTo(child.start().withEffective(0));
            assertThat(child.said()).isEqualTo("UNCERTAIN");
        }
    }
}
