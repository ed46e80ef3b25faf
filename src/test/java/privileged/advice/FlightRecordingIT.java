package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import jdk.jfr.Recording;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.FragileChild;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A flight recording writes its next file into a directory that root made. */
@Privileged
@SameInContainers
class FlightRecordingIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** A recording that starts makes all others begin their next file. */
    static final class Records implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            new Recording().start();
            Phase.Initial initial = Caps.begin(Scope.PROCESS,
                    options -> Boolean.parseBoolean(args[0]) ? options.handOver() : options);
            points.at(initial.advise(SOMEBODY).stream().map(Advice::kind).toList().toString());
            initial.drop(SOMEBODY);
            points.at("dropped");
            new Recording().start();
            points.at("recorded");
            Runtime.getRuntime().halt(0);
        }
    }

    private static ChildCommand recording(String handsOver) {
        return ObservedChild.of(Records.class, handsOver).apart()
                .option("-Djava.io.tmpdir=" + Modules.directory("rwxrwxrwx"));
    }

    @Test
    void endsTheJvm(@TempDir Path directory) throws IOException, FragileChild.Stopped {
        FragileChild child = new FragileChild(recording("false"), directory.resolve("errors"), PATIENCE);
        try {
            child.next();
            child.goOn();
            assertThat(child.next().text()).isEqualTo("[FLIGHT_RECORDING]");
            child.goOn();
            assertThat(child.next().text()).isEqualTo("dropped");
            child.goOn();
            assertThat(child.ended()).hasMessageMatching("exit code (1|134): .*"); // 134 is SIGABRT, 1 is without a core dump
        } finally {
            child.process().destroyForcibly();
        }
    }

    @Test
    void goesOnInADirectoryThatWasHandedOver() {
        try (ObservedChild child = recording("true").start().together()) {
            child.at("[]");
            child.at("dropped");
            child.at("recorded");
        }
    }
}
