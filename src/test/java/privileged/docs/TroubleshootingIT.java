package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.ChildCommand;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;

/** The library prints the errors of src/docs/troubleshooting.md. Each is provoked as that page says. */
@Privileged
@SameInContainers
class TroubleshootingIT {

    @ParameterizedTest
    @ValueSource(strings = {"differing", "ring", "virtual", "kept", "user", "spent", "launched"})
    @Requires(value = Requirement.IO_URING, checkedInTest = true)
    void showsThePrintedError(String trouble) {
        if (trouble.equals("ring")) {
            Requirement.IO_URING.orSkip();
        }
        isTold(trouble, launch -> launch);
    }

    @Test
    void showsThePrintedErrorWithoutCapabilities() {
        isTold("unprivileged", launch -> launch.asNobodyWith(""));
    }

    @Test
    @Requires(Requirement.USER_NAMESPACES)
    void showsThePrintedErrorInAUserNamespace() throws IOException {
        isTold("unmapped", launch -> launch.through("unshare", "--user", "--map-root-user"));
    }

    /** These, and what NativeAccessIT sees. */
    @Test
    void thereAreTen() {
        assertThat(told()).hasSize(10).doesNotHaveDuplicates();
        assertThat(told()).filteredOn(message -> message.contains("--enable-native-access")).hasSize(1);
    }

    private static void isTold(String trouble, UnaryOperator<ChildCommand> started) {
        try (ObservedChild child = started.apply(ObservedChild.of(Troubles.class, trouble)).start()) {
            assertThat(told()).contains(anywhere(child.threw().message()));
        }
    }

    /** {@return the messages of that page} */
    static List<String> told() {
        String page = Readme.text(Path.of(System.getProperty("caps.basedir"), "src/docs/troubleshooting.md"));
        return Pattern.compile("^- `(.*)`$", Pattern.MULTILINE).matcher(page).results()
                .map(MatchResult::group).map(line -> anywhere(line.substring(3, line.length() - 1))).toList();
    }

    /** Threads and descriptors have other numbers each time. */
    private static String anywhere(String message) {
        return Stream.of("thread ", "descriptors \\[", "/proc/", "/task/", "/fd/")
                .reduce(message, (text, before) -> text.replaceAll("(" + before + ")\\d+", "$1N"));
    }
}
