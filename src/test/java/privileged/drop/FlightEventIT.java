package privileged.drop;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Thrown;

/** A flight recording shows each step. Without a recording, nothing of jdk.jfr is loaded. */
@Privileged
@SameInContainers
class FlightEventIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final String EVENT = "nucleus.caps.Transition";

    private final Path directory = Modules.directory("rwxrwxrwx");
    private final Path loaded = directory.resolve("loaded");
    private final Path recorded = directory.resolve("recorded.jfr");

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
            dump(args[0]);
        }
    }

    /** A whole drop of a process, in one step. */
    static final class AtOnce implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.say(ModuleLayer.boot().findModule("jdk.jfr").isPresent());
            Caps.begin(Scope.PROCESS, options -> options.handOver()).drop(SOMEBODY);
            points.at("dropped");
            if (args.length > 0) {
                dump(args[0]);
            }
        }
    }

    /** A drop of one thread, which is not the thread that writes the recording. */
    static final class OneThread implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> Caps.begin(Scope.THREAD).dropExcept(CapabilitySet.of(Capability.CAP_KILL)));
            dump(args[0]);
        }
    }

    /** The recording starts when the thread cannot read the class files of the library any more. */
    static final class Late implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch switched = new CountDownLatch(1);
            CountDownLatch recording = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                Phase.IdentitySwitched phase = Caps.begin(Scope.THREAD).dropBoundingSet().switchIdentity(SOMEBODY);
                switched.countDown();
                try {
                    recording.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                phase.finalizeDrop();
            });
            thread.start();
            switched.await();
            new Recording().start();
            recording.countDown();
            thread.join();
            dump(args[0]);
        }
    }

    private static void dump(String file) throws IOException {
        for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
            recording.dump(Path.of(file));
        }
    }

    private ChildCommand recording(Class<? extends ChildScenario> scenario) {
        return child(scenario, recorded.toString()).option("-Djava.io.tmpdir=" + directory).option("-Xlog:jfr+startup=off")
                .option("-XX:StartFlightRecording");
    }

    private ChildCommand child(Class<? extends ChildScenario> scenario, String... args) {
        return ObservedChild.of(scenario, args).option("-Xlog:class+load:file=" + loaded);
    }

    /** {@return the classes that were loaded so far and have that in their names} */
    private List<String> loaded(String part) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.filter(line -> line.contains(part)).toList();
        }
    }

    /** The events of a recording in their order. */
    private List<RecordedEvent> events() throws IOException {
        return RecordingFile.readAllEvents(recorded).stream().filter(event -> event.getEventType().getName().equals(EVENT))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime)).toList();
    }

    private static String text(RecordedEvent event) {
        return Stream.of("scope", "step", "oldIdentity", "newIdentity", "permitted", "bounding", "noNewPrivs", "failed",
                "changed", "reason").map(field -> String.valueOf(event.<Object>getValue(field))).collect(joining("; "));
    }

    /** After the switch, no class of the library can be loaded any more. */
    @Test
    void eachStepIsAnEventOfTheRecordingThatTheNewUserWrites() throws IOException {
        Thrown refused;
        try (ObservedChild child = recording(InSteps.class).modules(Modules.forRootOnly()).start().together()) {
            child.at("first");
            assertThat(loaded("nucleus.caps.internal.session.TransitionEvent ")).hasSize(1);
            int before = loaded("jdk.jfr").size();
            child.at("second");
            child.at("third");
            assertThat(loaded("jdk.jfr")).hasSize(before);
            refused = child.threw();
        }
        assertThat(Files.getAttribute(recorded, "unix:uid")).isEqualTo((int) NOBODY);
        OutsideStatus mine = OutsideStatus.mine();
        Identity root = new Identity(0, 0, mine.groups());
        CapabilitySet all = new CapabilitySet(mine.permitted());
        List<RecordedEvent> events = events();
        assertThat(events.stream().map(FlightEventIT::text)).containsExactly(
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
        try (ObservedChild child = recording(AtOnce.class).modules(Modules.forRootOnly()).start().together()) {
            assertThat(child.said()).isEqualTo("true");
            child.at("dropped");
        }
        assertThat(events().stream().map(FlightEventIT::text))
                .singleElement().asString().startsWith("PROCESS; drop; ")
                .endsWith("; " + SOMEBODY + "; none; none; true; false; false; null");
        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(file -> !file.equals(directory) && !file.equals(loaded))).isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.getAttribute(file, "unix:uid")).as("%s", file).isEqualTo((int) NOBODY));
        }
    }

    @Test
    void aRestrictedThreadWritesItsEventItself() throws IOException {
        try (ObservedChild child = recording(OneThread.class).start()) {
            assertThat(child.start().uids()).containsOnly(0L);
        }
        RecordedEvent event = events().getFirst();
        assertThat(events()).hasSize(1);
        assertThat(text(event)).startsWith("THREAD; drop; ").endsWith("; cap_kill; cap_kill; true; false; false; null");
        assertThat(event.getInt("threads")).isEqualTo(1);
        assertThat(event.getThread("eventThread").getJavaName()).startsWith("Thread-");
    }

    @Test
    void theLogThreadLoadsTheEventForARestrictedThread() throws IOException {
        try (ObservedChild child = child(Late.class, recorded.toString()).option("-Djava.io.tmpdir=" + directory)
                .modules(Modules.forRootOnly()).start()) {
            assertThat(child.start().uids()).containsOnly(0L);
        }
        assertThat(events().stream().map(FlightEventIT::text)).containsExactly(
                "THREAD; finalizeDrop; " + SOMEBODY + "; " + SOMEBODY + "; none; none; true; false; false; null");
    }

    @Test
    void withoutARecordingNothingOfItIsLoaded() throws IOException {
        try (ObservedChild child = child(AtOnce.class).start().together()) {
            assertThat(child.said()).isEqualTo("true");
            child.at("dropped");
        }
        isNotLoaded();
    }

    @Test
    void worksWithoutTheModule() throws IOException {
        try (ObservedChild child = child(AtOnce.class).option("--limit-modules=java.base,nucleus.caps").start().together()) {
            assertThat(child.said()).isEqualTo("false");
            child.at("dropped");
        }
        isNotLoaded();
    }

    private void isNotLoaded() throws IOException {
        assertThat(loaded("nucleus.caps.internal.session.Flight ")).hasSize(1);
        assertThat(loaded(" jdk.jfr.")).isEmpty();
        assertThat(loaded("TransitionEvent")).isEmpty();
    }
}
