package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** {@code caps run} hands on what setpriv(1), gosu(1) and capsh(1) hand on. Each of them executes the command in place. */
@Privileged
@SameInContainers
class InheritedIT {

    private static final String CAPS = Path.of("scripts/caps").toAbsolutePath() + " run --uid 65534 --gid 65534";
    private static final String SETPRIV = "setpriv --reuid 65534 --regid 65534 --clear-groups --no-new-privs"
            + " --bounding-set=-all --inh-caps=-all";

    /** The rows that gosu and capsh share: those that do not depend on options. */
    private static final Set<String> OF_PEERS = Set.of("the process id", "the nice value", "the processors", "descriptors",
            "the file mode creation mask", "the working directory", "the core dump filter");

    private static final Set<String> OF_DESCRIPTORS = Set.of("descriptors", "a pipe as descriptor 3");

    record Row(String name, String expected, String script) {

        Command.Result of(String tool) {
            return Command.result("sh", "-c", script.replace("RUN", tool));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() throws IOException {
        try (InputStream in = InheritedIT.class.getResourceAsStream("inherited.txt")) {
            String[] paragraphs = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n\n", -1);
            return Arrays.stream(paragraphs).skip(1).map(paragraph -> paragraph.split("\n", 3))
                    .map(lines -> new Row(lines[0], lines[1], lines[2]));
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void commandInheritsAsWithSetpriv(Row row) {
        Command.Result peer = row.of(SETPRIV);
        assertThat(peer.output().strip()).matches(row.expected);
        assertThat(row.of(CAPS)).isEqualTo(peer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gosu 65534:65534", "capsh --uid=65534 --shell=/usr/bin/env --"})
    void commandInheritsAsWithOtherTools(String tool) throws IOException {
        List<Row> rows = rows().filter(row -> OF_PEERS.contains(row.name)).toList();
        assertThat(rows).hasSameSizeAs(OF_PEERS);
        assertThat(rows).allSatisfy(row -> assertThat(row.of(CAPS)).isEqualTo(row.of(tool)));
    }

    /** With {@code --wait} the command is a child, which inherits no descriptor above 2 by itself. */
    @Test
    void waitingCommandHasTheSameDescriptors() throws IOException {
        List<Row> rows = rows().filter(row -> OF_DESCRIPTORS.contains(row.name)).toList();
        assertThat(rows).hasSameSizeAs(OF_DESCRIPTORS);
        assertThat(rows).allSatisfy(row -> assertThat(row.of(CAPS + " --wait")).isEqualTo(row.of(SETPRIV)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void closedStandardDescriptorIsDevNull(int descriptor) {
        assertThat(Command.run("sh", "-c", "exec 9>&1; " + CAPS + " sh -c 'echo $(readlink /proc/$$/fd/" + descriptor
                + ") >&9' "
                + descriptor + ">&-")).isEqualTo("/dev/null\n");
    }

    @Test
    void commandOfRootReadsAProcessSubstitution() {
        String run = CAPS.substring(0, CAPS.indexOf(" --uid"));
        assertThat(Command.run("bash", "-c", run + " -- cat <(echo x)")).isEqualTo("x\n");
    }
}
