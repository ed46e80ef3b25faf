package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Standard streams that are pipes of root, as in a container. */
@Privileged(also = CapMasks.CHOWN)
@SameInContainers
class StandardStreamIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    /** Opens a stream by its name, before and after. */
    static final class Logs implements ChildScenario {

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Path stream = Path.of(args[0]);
            OutputStream open = args[1].equals("unused") ? OutputStream.nullOutputStream() : opened(stream);
            if (args[1].equals("given")) {
                Files.setAttribute(stream, "unix:uid", (int) NOBODY);
            }
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.STANDARD_STREAM)
                    .toList());
            initial.drop(SOMEBODY);
            points.at("dropped");
            open.close();
            points.threw(() -> opened(stream).close());
        }

        private static OutputStream opened(Path stream) throws IOException {
            return Files.newOutputStream(stream, StandardOpenOption.WRITE);
        }
    }

    private static String advice(String stream, String descriptor) {
        return "[" + stream + " cannot be opened again, as a change of the logging configuration does, because it is a pipe that"
                + " uid 65534 cannot write, and descriptor " + descriptor + " is the same pipe, opened by name; give the pipe to"
                + " that user before the drop, as chown(1) of " + stream + " does]";
    }

    /** Descriptor 9 is a copy, which nobody has opened. */
    private static ChildCommand logging(String stream, String how) {
        return ObservedChild.of(Logs.class, stream, how).after("exec 9>&" + (stream.equals("/dev/stdout") ? 1 : 2));
    }

    @ParameterizedTest
    @CsvSource({"/dev/stdout", "/dev/stderr"})
    void aPipeOfRootCannotBeOpenedAgain(String stream) {
        try (ObservedChild child = logging(stream, "used").start().together()) {
            assertThat(child.said().replaceAll("descriptor [0-8] ", "descriptor N ")).isEqualTo(advice(stream, "N"));
            child.at("dropped");
            assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
        }
    }

    @ParameterizedTest
    @CsvSource({"/dev/stdout", "/dev/stderr"})
    void aPipeThatWasGivenCan(String stream) {
        try (ObservedChild child = logging(stream, "given").start().together()) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            assertThat(child.saidNothingThrown()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"/dev/stdout", "/dev/stderr"})
    void aStreamThatNobodyOpenedByNameIsNotMentioned(String stream) {
        try (ObservedChild child = logging(stream, "unused").start().together()) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
        }
    }
}
