package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.prefs.Preferences;
import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A home directory of root. */
@Privileged(also = CapMasks.CHOWN)
@SameInContainers
class HomeIT {

    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY);
    private static final String REMEDY =
            "; set user.home to a directory of that user, or hand it over with the option handOver]";

    private final Path home = Modules.directory("rwxr-xr-x");
    private final Path preferences = home.resolve(".java/.userPrefs");

    private static void drop(Checkpoints points, boolean handsOver, Path home) {
        Phase.Initial initial = Caps.begin(Scope.PROCESS, options -> handsOver ? options.handOver(home) : options);
        points.say(initial.advise(SOMEBODY).stream().filter(advice -> advice.kind() == Advice.Kind.HOME).toList());
        initial.drop(SOMEBODY);
        points.at("dropped");
    }

    /** Keeps preferences, as root and then as somebody. */
    static final class Prefers implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Preferences.userRoot().node("first").put("any", "thing");
            Preferences.userRoot().flush();
            drop(points, Boolean.parseBoolean(args[1]), Path.of(args[0]));
            Preferences.userRoot().node("second").put("any", "thing");
            points.threw(() -> Preferences.userRoot().flush());
        }
    }

    private ObservedChild prefers(boolean handsOver) {
        return ObservedChild.of(Prefers.class, home.toString(), Boolean.toString(handsOver))
                .option("-Djava.util.prefs.userRoot=" + home).start().together();
    }

    @Test
    void preferencesCannotBeSaved() {
        ObservedChild child = prefers(false);
        assertThat(child.said())
                .isEqualTo(
                        "[preferences cannot be saved, java.util.prefs, because uid 65534 cannot write " + preferences + REMEDY);
        child.at("dropped");
        assertThat(child.threw().message()).isEqualTo("Could not lock User prefs. Lock file access denied.");
        assertThat(child.errors()).as("of the thread that saves them regularly").contains("Exception in thread");
        assertThat(preferences.resolve("first/prefs.xml")).exists();
        assertThat(preferences.resolve("second")).doesNotExist();
    }

    @Test
    void preferencesThatWereHandedOverAreSaved() {
        ObservedChild child = prefers(true);
        assertThat(child.said()).isEqualTo("[]");
        child.at("dropped");
        assertThat(child.saidNothingThrown()).isTrue();
        assertThat(child.errors()).doesNotContain("Exception in thread");
        assertThat(preferences.resolve("second/prefs.xml")).exists();
    }

    /** Creates a file in its home. */
    static final class Creates implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            drop(points, Boolean.parseBoolean(args[1]), Path.of(args[0]));
            points.threw(() -> Files.createFile(Path.of(System.getProperty("user.home"), "any")));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHomeThatAnOptionNames(boolean handsOver) {
        try (ObservedChild child = ObservedChild.of(Creates.class, home.toString(), Boolean.toString(handsOver))
                .option("-Duser.home=" + home).start().together()) {
            assertThat(child.said()).isEqualTo(handsOver ? "[]"
                    : "[files in the home directory cannot be created, because uid 65534 cannot write " + home + REMEDY);
            child.at("dropped");
            if (handsOver) {
                assertThat(child.saidNothingThrown()).isTrue();
            } else {
                assertThat(child.threw().type()).isEqualTo("AccessDeniedException");
            }
            assertThat(home.resolve("any").toFile().exists()).isEqualTo(handsOver);
        }
    }

    /** Nearly every JVM of root has such a home. */
    @Test
    void aHomeThatNobodyUsesIsNotMentioned() throws IOException {
        Files.createDirectories(preferences);
        try (ObservedChild child = ObservedChild.of(Creates.class, home.toString(), "false")
                .option("-Djava.util.prefs.userRoot=" + home).start().together()) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            child.threw();
        }
    }
}
