package privileged.drop;

import static java.util.stream.Collectors.joining;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;

/** A child with or without a flight recording: what it records, and which classes it loads. */
final class FlightRun {

    static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final String EVENT = "nucleus.caps.Transition";

    final Path directory = Modules.directory("rwxrwxrwx");
    final Path loaded = directory.resolve("loaded");
    final Path recorded = directory.resolve("recorded.jfr");

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

    static void dump(String file) throws IOException {
        for (Recording recording : FlightRecorder.getFlightRecorder().getRecordings()) {
            recording.dump(Path.of(file));
        }
    }

    ChildCommand recording(Class<? extends ChildScenario> scenario) {
        return child(scenario, recorded.toString()).option("-Djava.io.tmpdir=" + directory).option("-Xlog:jfr+startup=off")
                .option("-XX:StartFlightRecording");
    }

    ChildCommand child(Class<? extends ChildScenario> scenario, String... args) {
        return ObservedChild.of(scenario, args).withoutCache().option("-Xlog:class+load:file=" + loaded);
    }

    /** {@return the classes that were loaded so far and have that in their names} */
    List<String> loaded(String part) throws IOException {
        try (Stream<String> lines = Files.lines(loaded)) {
            return lines.filter(line -> line.contains(part)).toList();
        }
    }

    /** The events of a recording in their order. */
    List<RecordedEvent> events() throws IOException {
        return RecordingFile.readAllEvents(recorded).stream().filter(event -> event.getEventType().getName().equals(EVENT))
                .sorted(Comparator.comparing(RecordedEvent::getStartTime)).toList();
    }

    static String text(RecordedEvent event) {
        return Stream.of("scope", "step", "oldIdentity", "newIdentity", "permitted", "bounding", "noNewPrivs", "failed",
                "changed", "reason").map(field -> String.valueOf(event.<Object>getValue(field))).collect(joining("; "));
    }
}
