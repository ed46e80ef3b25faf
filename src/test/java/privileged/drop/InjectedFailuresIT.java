package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.Thrown;

/** One call of many fails, and the same call later succeeds: strace counts them. */
@Privileged
class InjectedFailuresIT {

    private static final long KEPT = CapMasks.SETUID | CapMasks.KILL;
    private static final CapabilitySet KEEP = CapabilitySet.of(Capability.CAP_SETUID, Capability.CAP_KILL);
    private static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY, 4);

    private static final String[] FIRST_CAPSET = {"--seccomp-bpf", "-e", "trace=capset",
        "-e", "inject=capset:error=EPERM:when=1"};

    private static final String STATUS = "/proc/thread-self/status";

    static final class TriesAgain implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("failed");
            initial.dropExcept(KEEP, SOMEBODY);
            points.at("dropped");
        }
    }

    static final class BecomesRootOnceMore implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.threw(() -> initial.dropExcept(KEEP, SOMEBODY));
            points.at("failed");
            Caps.thisThread().raise(SetKind.EFFECTIVE, Capability.CAP_SETUID);
            KeepCapsIT.beRootOnceMore(points);
        }
    }

    /** Reads its state before and after, as often as it is used to. */
    static final class Switches implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.at("bounded");
            if (args[0].equals("too")) {
                bounded.switchIdentity(SOMEBODY);
                points.at("switched");
            }
        }
    }

    /** One of the readings fails. */
    static final class SwitchesUnread implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.BoundingDropped bounded = Caps.begin(Scope.THREAD).dropBoundingSet();
            points.threw(() -> bounded.switchIdentity(SOMEBODY));
            points.at("unread");
            Phase.IdentitySwitched switched = bounded.switchIdentity(SOMEBODY);
            points.at("read");
            switched.finalizeDrop();
            points.at("dropped");
        }
    }

    @Test
    void repeatedDropSkipsWhatIsDone(@TempDir Path directory) {
        try (ObservedChild child = ObservedChild.of(TriesAgain.class).traced(directory.resolve("trace"), FIRST_CAPSET).start()) {
            Thrown thrown = child.threw();
            assertThat(thrown.syscall()).isEqualTo(
                    "capset(effective=cap_kill,cap_setuid, permitted=cap_kill,cap_setuid, inheritable=none)");
            assertThat(thrown.errnoName()).isEqualTo("EPERM");
            assertThat(thrown.changed()).isTrue();
            assertThat(child.at("failed"))
                    .isEqualTo(child.start().withBounding(KEPT).withEffective(0).as(ANYBODY, ANYBODY, 4L));
            assertThat(child.at("dropped"))
                    .isEqualTo(child.start().holdingOnly(KEPT).as(ANYBODY, ANYBODY, 4L).withNoNewPrivs());
        }
    }

    @Test
    void keepCapsIsOffAfterACapsetThatFailed(@TempDir Path directory) {
        try (ObservedChild child =
                ObservedChild.of(BecomesRootOnceMore.class).traced(directory.resolve("trace"), FIRST_CAPSET).start()) {
            assertThat(child.threw().changed()).isTrue();
            OutsideStatus halfway = child.start().withBounding(KEPT).as(ANYBODY, ANYBODY, 4L);
            assertThat(child.at("failed")).isEqualTo(halfway.withEffective(0));
            assertThat(child.at("root again")).isEqualTo(halfway.withUid(0));
            assertThat(child.at("away")).isEqualTo(halfway.awayFromRoot());
        }
    }

    @Test
    void refusesToStartFromAnUnreadableState(@TempDir Path directory) {
        String[] first = failing(readings(directory, "not", "bounded") + 1);
        try (ObservedChild child = ObservedChild.of(SwitchesUnread.class).traced(directory.resolve("trace"), first).start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("unread")).isEqualTo(child.start().withBounding(0));
            unread(thrown, false);
            goesOn(child);
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_STRACE)
    void countsAnUnreadableStateAsChanged(@TempDir Path directory) {
        String[] last = lastOfSwitch(directory);
        try (ObservedChild child = ObservedChild.of(SwitchesUnread.class).traced(directory.resolve("trace"), last).start()) {
            Thrown thrown = child.threw();
            assertThat(child.at("unread")).isEqualTo(child.start().holdingOnly(0).as(ANYBODY, ANYBODY, 4L));
            unread(thrown, true);
            goesOn(child);
        }
    }

    private static void unread(Thrown thrown, boolean changed) {
        assertThat(thrown.type()).isEqualTo("CapsException");
        assertThat(thrown.syscall()).isEqualTo("read(/proc/thread-self/status)");
        assertThat(thrown.changed()).isEqualTo(changed);
    }

    private static void goesOn(ObservedChild child) {
        OutsideStatus switched = child.start().holdingOnly(0).as(ANYBODY, ANYBODY, 4L);
        assertThat(child.at("read")).isEqualTo(switched);
        assertThat(child.at("dropped")).isEqualTo(switched.withNoNewPrivs());
    }

    /** Lets the reading fail with which switchIdentity ends. */
    static String[] lastOfSwitch(Path directory) {
        return failing(readings(directory, "too", "bounded", "switched"));
    }

    private static String[] failing(int reading) {
        return new String[] {"-P", STATUS, "-e", "inject=openat:error=EMFILE:when=" + reading};
    }

    /** How often a thread opens its status file, on its way to the last of these points. */
    private static int readings(Path directory, String argument, String... points) {
        Path trace = directory.resolve("readings");
        long thread;
        try (ObservedChild child =
                ObservedChild.of(Switches.class, argument).traced(trace, "-P", STATUS, "-e", "trace=openat").start()) {
            for (String point : points) {
                child.at(point);
            }
            thread = child.thread();
        }
        try (Stream<String> lines = Files.lines(trace)) {
            return (int) lines.filter(line -> line.startsWith(thread + " ") && line.contains("openat(")).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
