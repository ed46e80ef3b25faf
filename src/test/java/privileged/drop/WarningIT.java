package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;

import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Whoever stays root is warned: root without any capability can get everything back. */
@Privileged
@SameInContainers
class WarningIT {

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            if (args[0].equals("same")) {
                initial.dropAll();
            } else {
                initial.drop(ChildArguments.identity(args[0]));
            }
            points.at("dropped");
        }
    }

    static final class DropsInterrupted implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            Thread.currentThread().interrupt();
            initial.dropAll();
            points.say(Thread.interrupted());
            points.at("dropped");
        }
    }

    /** Begins only after its sets were lowered through the library. */
    static final class LowersFirst implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.thisThread().clear(SetKind.PERMITTED);
            points.at("lowered");
            Caps.begin(Scope.THREAD).apply(Caps.thread().sets());
            points.at("applied");
        }
    }

    static final class ChangesNothing implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            Caps.threads();
            if (args[0].equals("true")) {
                initial.apply(Caps.thread().sets());
            }
        }
    }

    /** A word that is no level is warned of when the log is initialised. */
    @ParameterizedTest
    @CsvSource({"false, 0", "true, 2"})
    void theLogIsInitialisedBeforeTheFirstChangeAndNotAtTheBeginning(String changes, int lines) {
        try (ObservedChild child = ObservedChild.of(ChangesNothing.class, changes).logging("loud").start()) {
            assertThat(child.errors().lines()).hasSize(lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"same", "0:0", "0:65534", "65534:0", "65534:65534:0:4"})
    void anIdOfRootIsWarnedOf(String ids) {
        try (ObservedChild child = ObservedChild.of(Drops.class, ids).logging("warning").start()) {
            assertThat(child.at("dropped").effective()).isZero();
            String errors = child.errors();
            assertThat(errors).startsWith("nucleus.caps: warning: dropped 1 thread from uid 0, gid 0, groups ")
                    .contains("a uid, gid or group is still 0: it owns /proc/sys and /etc");
            assertThat(errors.lines()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"65534:65534", "1000:1000:4:24"})
    void anotherIdIsNot(String ids) {
        try (ObservedChild child = ObservedChild.of(Drops.class, ids).logging("warning").start()) {
            assertThat(child.at("dropped").effective()).isZero();
            assertThat(child.errors()).isEmpty();
        }
    }

    @Test
    void logsWhatWasReached() {
        try (ObservedChild child = ObservedChild.of(Drops.class, "65534:65534").logging("info").start()) {
            assertThat(child.at("dropped").effective()).isZero();
            assertThat(child.errors())
                    .matches("nucleus\\.caps: info: dropped 1 thread from uid 0, gid 0, groups \\[.*] to uid 65534,"
                            + " gid 65534, groups \\[]; kept none; no_new_privs set; [0-9]+ ms\\R");
        }
    }

    @Test
    void anInterruptNeitherStopsADropNorIsLost() {
        try (ObservedChild child = ObservedChild.of(DropsInterrupted.class).logging("warning").start()) {
            assertThat(child.said()).isEqualTo("true");
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).withNoNewPrivs());
            assertThat(child.errors().lines()).hasSize(1);
        }
    }

    /** It outlives the restricted thread, and so does whatever a logging provider starts on it. */
    @Test
    void logsFromAnUnrestrictedThread() {
        try (ObservedChild child = ObservedChild.of(LowersFirst.class).logging("debug").start()) {
            OutsideStatus lowered = child.start().withPermitted(0).withEffective(0);
            assertThat(child.at("lowered")).isEqualTo(lowered);
            assertThat(child.at("applied")).isEqualTo(lowered);
            assertThat(child.errors()).startsWith("nucleus.caps: warning: changed 1 thread from uid 0, ");
        }
    }
}
