package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A working directory that only root can search. */
@Privileged
@SameInContainers
class WorkingDirectoryIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);

    static final class Reads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.WORKING_DIRECTORY)
                    .toList());
            initial.drop(SOMEBODY);
            points.at("dropped");
            points.threw(() -> Files.readString(Path.of("file")));
        }
    }

    /** A relative path does not need the directory above. */
    @ParameterizedTest
    @CsvSource({"rwxr-xr-x, rwx------, false", "rwxr-xr-x, rwxr-x--x, true", "rwx------, rwxr-xr-x, true",
        "rwx------, rwxr-x---, false"})
    void relativePaths(String above, String mode, boolean works) throws IOException {
        Path directory = Files.createDirectory(Modules.directory(above).resolve("work"));
        Files.writeString(directory.resolve("file"), "any");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(mode));
        try (ObservedChild child = ObservedChild.of(Reads.class).in(directory).start().together()) {
            String advice = "[relative paths cannot be opened, because uid 65534 cannot search the working directory "
                    + directory + "; start the JVM in a directory that this user can search, such as /]";
            assertThat(child.said()).isEqualTo(works ? "[]" : advice);
            child.at("dropped");
            if (works) {
                assertThat(child.saidNothingThrown()).isTrue();
            } else {
                assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
            }
        }
    }
}
