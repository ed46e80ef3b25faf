package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The library logs to what a server logs to, and takes no line of the server's own log away. */
@Privileged
@SameInContainers
class LoggingIT {

    private static final String END = "dropped [0-9]+ threads from uid 0, gid 0, groups .* to uid 65534, gid 65534, groups"
            + " \\[]; kept none; no_new_privs set; [0-9]+ ms";
    private static final String JUL = "INFO: " + END;

    /** The lines that the server itself logs at level INFO, with the library's own before the last. */
    private enum Log {
        JUL_WITHOUT_LOG4J("", 4, JUL),
        /** log4j-api alone takes the server's lines. That is why the library does not bring it. */
        LOG4J_API_WITHOUT_PROVIDER("log4j-api", 0, JUL),
        LOG4J("log4j-api log4j-core", 4, ".* nucleus.caps log INFO " + END),
        LOGBACK("slf4j-api logback-core logback-classic", 4, JUL),
        /** log4j's own provider, which is named and not found by the service loader. */
        LOG4J_SIMPLE("log4j-api", 4, "INFO caps " + END, "-Dorg.apache.logging.log4j.simplelog.level=INFO",
                "-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider"),
        STANDARD_ERROR("log4j-api log4j-core", 4, "nucleus.caps: info: " + END, "-Dnucleus.caps.log=info"),
        OFF("log4j-api log4j-core", 4, null, "-Dnucleus.caps.log=off");

        private final List<String> jars;
        private final int ofTheServer;
        private final String ofTheLibrary;
        private final List<String> options;

        Log(String jars, int ofTheServer, String ofTheLibrary, String... options) {
            this.jars = List.of(jars.split(" "));
            this.ofTheServer = ofTheServer;
            this.ofTheLibrary = ofTheLibrary;
            this.options = List.of(options);
        }

        private List<String> command() {
            List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED", "-Dlog4j2.level=INFO"));
            command.addAll(options);
            String[] left = Arrays.stream(Path.of(Consumer.at("logging/target/lib")).toFile().list())
                    .filter(jar -> !jar.matches("(log4j|slf4j|logback)-.*") || jars.contains(jar.replace(".jar", "")))
                    .map(jar -> Consumer.at("logging/target/lib/" + jar)).toArray(String[]::new);
            command.addAll(List.of("-cp", Consumer.at("logging/target/classes") + ":" + String.join(":", left),
                    "example.logging.Undertows"));
            return command;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerKeepsItsLogAndHasTheLineOfTheDrop(Log log) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(log.command())) {
            List<String> lines = new ArrayList<>(program.rest());
            lines.addAll(program.errors());
            List<String> ends = lines.stream().filter(line -> line.contains("dropped")).toList();
            assertThat(program.end()).as("%s", lines).isZero();
            assertThat(lines.stream().filter(line -> line.contains("INFO") && !line.contains("dropped"))).as("%s", lines)
                    .hasSize(log.ofTheServer);
            if (log.ofTheLibrary == null) {
                assertThat(ends).isEmpty();
            } else {
                assertThat(ends).singleElement().asString().matches(log.ofTheLibrary);
            }
        }
    }
}
