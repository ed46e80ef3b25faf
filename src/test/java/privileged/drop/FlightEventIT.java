package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.drop.FlightRun.SOMEBODY;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Thrown;

/** A flight recording shows each step. */
@Privileged
@SameInContainers
class FlightEventIT {

    private final FlightRun run = new FlightRun();

    /** Three steps, and a refused one of another chain. */
    static final class InSteps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Phase.BoundingDropped first = Caps.begin(Scope.PROCESS, options -> options.handOver()).dropBoundingSet();
            points.at("first");
            Phase.IdentitySwitched second = first.switchIdentity(SOMEBODY);
            points.at("second");
            second.finalizeDrop();
            points.at("third");
            points.threw(() -> Caps.begin(Scope.PROCESS).drop(Identity.of(1, 1)));
            FlightRun.dump(args[0]);
        }
    }

    /** A drop of one thread, which is not the thread that writes the recording. */
    static final class OneThread implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> Caps.begin(Scope.THREAD).dropExcept(CapabilitySet.of(Capability.CAP_KILL)));
            FlightRun.dump(args[0]);
        }
    }

    /** After the switch, no class of the library can be loaded any more. */
    @Test
    void eachStepIsAnEventOfTheRecordingThatTheNewUserWrites() throws IOException {
        Thrown refused;
        try (ObservedChild child = run.recording(InSteps.class).modules(Modules.forRootOnly()).start().together()) {
            child.at("first");
            assertThat(run.loaded("nucleus.caps.internal.session.TransitionEvent ")).hasSize(1);
            int before = run.loaded("jdk.jfr").size();
            child.at("second");
            child.at("third");
            assertThat(run.loaded("jdk.jfr")).hasSize(before);
            refused = child.threw();
        }
        assertThat(Files.getAttribute(run.recorded, "unix:uid")).isEqualTo((int) NOBODY);
        OutsideStatus mine = OutsideStatus.mine();
        Identity root = new Identity(0, 0, mine.groups());
        CapabilitySet all = new CapabilitySet(mine.permitted());
        List<RecordedEvent> events = run.events();
        assertThat(events.stream().map(FlightRun::text)).containsExactly(
                "PROCESS; dropBoundingSet; " + root + "; " + root + "; " + all + "; none; false; false; false; null",
                "PROCESS; switchIdentity; " + root + "; " + SOMEBODY + "; none; none; false; false; false; null",
                "PROCESS; finalizeDrop; " + SOMEBODY + "; " + SOMEBODY + "; none; none; true; false; false; null",
                "PROCESS; drop; " + SOMEBODY + "; null; null; null; false; true; false; "
                        + "nucleus.caps.CapsException: " + refused.message());
        assertThat(events.subList(0, 3)).allSatisfy(event -> {
            assertThat(event.getInt("threads")).isGreaterThan(5);
            assertThat(event.getDuration()).isBetween(Duration.ofNanos(1), Duration.ofSeconds(50));
            assertThat(event.getThread("eventThread").getJavaName()).isEqualTo("main");
        });
    }

    /** What root wrote before is the new user's too: the step handed it over. */
    @Test
    void aWholeDropIsOneEventAndLeavesNoFileOfRoot() throws IOException {
        try (ObservedChild child = run.recording(FlightRun.AtOnce.class).modules(Modules.forRootOnly()).start().together()) {
            assertThat(child.said()).isEqualTo("true");
            child.at("dropped");
        }
        assertThat(run.events().stream().map(FlightRun::text))
                .singleElement().asString().startsWith("PROCESS; drop; ")
                .endsWith("; " + SOMEBODY + "; none; none; true; false; false; null");
        try (Stream<Path> files = Files.walk(run.directory)) {
            assertThat(files.filter(file -> !file.equals(run.directory) && !file.equals(run.loaded))).isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.getAttribute(file, "unix:uid")).as("%s", file).isEqualTo((int) NOBODY));
        }
    }

    @Test
    void aRestrictedThreadWritesItsEventItself() throws IOException {
        try (ObservedChild child = run.recording(OneThread.class).start()) {
            assertThat(child.start().uids()).containsOnly(0L);
        }
        RecordedEvent event = run.events().getFirst();
        assertThat(run.events()).hasSize(1);
        assertThat(FlightRun.text(event)).startsWith("THREAD; drop; ").endsWith("; cap_kill; cap_kill; true; false; false; null");
        assertThat(event.getInt("threads")).isEqualTo(1);
        assertThat(event.getThread("eventThread").getJavaName()).startsWith("Thread-");
    }
}
