package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;

/** Whether the process is dumpable after a switch. The owner of its files in /proc tells it to others, proc(5). */
@Privileged
class DumpableIT {

    private static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY);

    static final class Drops implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            boolean dumpable = Boolean.parseBoolean(args[0]);
            var initial = Caps.begin(Scope.PROCESS, options -> dumpable ? options.withDumpable() : options);
            if (args[1].equals("steps")) {
                initial.dropBoundingSet().switchIdentity(SOMEBODY).finalizeDrop();
            } else {
                initial.drop(SOMEBODY);
            }
            points.at("dropped");
            points.threw(() -> Files.readString(Path.of("/proc/self/io")));
            points.threw(() -> points.say(Launcher.of(new ProcessBuilder("true")).start().waitFor()));
        }
    }

    private static long owner(ObservedChild child) throws IOException {
        return ((Integer) Files.getAttribute(Path.of("/proc/" + child.process() + "/status"), "unix:uid")).longValue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"whole", "steps"})
    void theUserOwnsTheFilesOfADumpableProcess(String way) throws IOException {
        try (ObservedChild child = ObservedChild.start(Drops.class, "true", way).together()) {
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(ANYBODY, ANYBODY).withNoNewPrivs());
            assertThat(owner(child)).isEqualTo(ANYBODY);
            assertThat(child.saidNothingThrown()).as("reads its own files").isTrue();
            assertThat(child.said()).as("launches").isEqualTo("0");
            assertThat(child.saidNothingThrown()).isTrue();
        }
    }

    @Test
    void rootOwnsThemWithoutTheOption() throws IOException {
        try (ObservedChild child = ObservedChild.start(Drops.class, "false", "whole").together()) {
            child.at("dropped");
            assertThat(owner(child)).isZero();
            assertThat(child.threw().message()).contains("/proc/self/io");
            assertThat(child.saidNothingThrown()).as("launches nothing").isFalse();
        }
    }
}
