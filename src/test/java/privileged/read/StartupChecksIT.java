package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildArguments;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;
import privileged.harness.Thrown;

/** Checks over every thread of a process: they read, and change nothing. */
@Privileged
class StartupChecksIT {

    private static final List<String> DROPPED = List.of("--reuid=1000", "--regid=1000", "--clear-groups",
            "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs");

    static final class Passes implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.requireDropped();
            Caps.requireNoNamespaceCaps();
            points.at("passed");
        }
    }

    static final class Fails implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(Caps::requireDropped);
            points.at("failed");
        }
    }

    /** One thread of a process that is not dropped is. */
    static final class FailsForTheOthers implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.at("before");
            Caps.begin(Scope.THREAD).drop(ChildArguments.identity("65534:65534"));
            points.threw(Caps::requireDropped);
            points.threw(Caps::requireNoNamespaceCaps);
            points.at("dropped");
        }
    }

    static ChildCommand dropped(ChildCommand launch) {
        return setpriv(launch, DROPPED);
    }

    static ChildCommand setpriv(ChildCommand launch, List<String> options) {
        return launch.through(Stream.concat(Stream.of("setpriv"), options.stream()).toArray(String[]::new));
    }

    @Test
    void acceptsAProcessThatStartedDropped() {
        try (ObservedChild child = dropped(ObservedChild.of(Passes.class)).start()) {
            assertThat(child.start()).isEqualTo(child.start().holdingOnly(0).as(1000, 1000).withNoNewPrivs());
            assertThat(child.at("passed")).isEqualTo(child.start());
        }
    }

    static Stream<Arguments> left() {
        return Stream.of(
                arguments("--bounding-set=-all", "--bounding-set=-all,+kill",
                        "bounding: expected none, observed cap_kill"),
                arguments("--inh-caps=-all", "", "inheritable: expected none, observed cap_kill"),
                arguments("--reuid=1000", "--reuid=0",
                        "ids: expected none of them 0, observed uids 0, gids 1000, groups []"),
                arguments("--reuid=1000", "--euid=1000",
                        "ids: expected none of them 0, observed uids 0/1000/1000/1000, gids 1000, groups []"),
                arguments("--regid=1000", "--regid=0",
                        "ids: expected none of them 0, observed uids 1000, gids 0, groups []"),
                arguments("--clear-groups", "--groups=0",
                        "ids: expected none of them 0, observed uids 1000, gids 1000, groups [0]"),
                arguments("--no-new-privs", "", "no_new_privs: expected true, observed false"));
    }

    @ParameterizedTest
    @MethodSource("left")
    void namesWhatIsLeftOnEveryThread(String option, String instead, String difference) {
        List<String> options = DROPPED.stream().map(each -> each.equals(option) ? instead : each)
                .filter(each -> !each.isEmpty()).toList();
        ChildCommand launch = setpriv(ObservedChild.of(Fails.class), options);
        if (option.startsWith("--inh-caps")) {
            launch.inheriting("kill", "");
        }
        try (ObservedChild child = launch.start()) {
            List<Path> threads = ProcTasks.of(child.process());
            Thrown thrown = child.threw();
            assertThat(child.at("failed")).isEqualTo(child.start());
            assertThat(thrown.type()).isEqualTo("VerificationException");
            assertThat(thrown.changed()).isFalse();
            named(threads, thrown.message(), difference);
            assertThat(thrown.message()).endsWith(") " + difference);
        }
    }

    /** One text for all equal threads. A thread of the library may have started since. */
    static void named(List<Path> threads, String message, String difference) {
        Matcher named = Pattern.compile(".*: not verified: (\\d+) threads \\((\\d+) (.*?), .*, …\\) .*").matcher(message);
        assertThat(named.matches()).as(message).isTrue();
        assertThat(Integer.parseInt(named.group(1))).isBetween(threads.size(), threads.size() + 1).isGreaterThan(5);
        assertThat(threads).extracting(task -> task.getFileName() + " " + ProcTasks.name(task))
                .contains(named.group(2) + " " + named.group(3));
        assertThat(message).contains(difference).hasSizeLessThan(4000);
    }

    @Test
    @Privileged(also = CapMasks.SYS_ADMIN)
    void namesOnlyTheThreadsThatHoldSomething() {
        try (ObservedChild child = ObservedChild.start(FailsForTheOthers.class)) {
            child.at("before");
            List<Path> others = ProcTasks.of(child.process()).stream()
                    .filter(task -> !task.endsWith(Long.toString(child.thread()))).toList();
            Thrown dropped = child.threw();
            Thrown namespaces = child.threw();
            child.at("dropped");
            assertThat(dropped.type()).isEqualTo("VerificationException");
            assertThat(namespaces.type()).isEqualTo("VerificationException");
            for (String set : new String[] {"bounding", "permitted", "effective", "no_new_privs", "ids"}) {
                named(others, dropped.message(), set + ": expected ");
            }
            named(others, namespaces.message(), "effective: expected none, observed cap_");
            named(others, namespaces.message(), "permitted: expected none, observed cap_");
            assertThat(dropped.message()).doesNotContain("; thread ");
            assertThat(namespaces.message()).doesNotContain("; thread ");
        }
    }
}
