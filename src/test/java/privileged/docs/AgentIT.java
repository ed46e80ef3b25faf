package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.docs.AgentRun.DROPPED;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.agent;
import static privileged.docs.AgentRun.awaitDrop;
import static privileged.docs.AgentRun.dropped;
import static privileged.docs.AgentRun.everyThread;
import static privileged.docs.AgentRun.java;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The agent drops programs that do not know the library, and ends them if it cannot. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentIT {

    /** Says that it runs, listens on a port when it is told to, and returns each other line. */
    static final class Program {
        private Program() {
        }

        public static void main(String[] args) throws IOException {
            System.out.println("main");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            List<ServerSocket> open = new ArrayList<>();
            for (String line; (line = in.readLine()) != null;) {
                if (line.startsWith("listen ")) {
                    open.add(new ServerSocket(Integer.parseInt(line.substring("listen ".length()))));
                }
                System.out.println(line);
            }
        }
    }

    /** A port that no earlier program still holds. */
    private final int port = LowPort.free();
    private final String listening = "=" + NOBODY_ON_PORTS + ",at=listening:" + port;

    private static List<String> program(String options) {
        return java(options, "-cp", Modules.readable().resolve("test-classes").toString(), Program.class.getName());
    }

    private static void endsWith(String line, List<String> command) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            assertThat(program.rest()).isSubsetOf("main");
            assertThat(program.end()).isEqualTo(77);
            assertThat(program.errors()).containsExactly("nucleus.caps: not dropped: " + line);
        }
    }

    @Test
    void dropsBeforeMain() throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(program("=" + NOBODY_ON_PORTS))) {
            assertThat(program.line()).isEqualTo("main");
            everyThread(program, dropped());
            assertThat(program.echo("listen " + port)).isEqualTo("listen " + port);
            assertThat(program.end()).isZero();
            assertThat(program.errors()).singleElement().asString().matches(DROPPED);
        }
    }

    @Test
    void dropsWhenTheProgramListensOnAllPorts() throws Exception {
        int other = LowPort.free(port);
        try (ConsumerProcess program = new ConsumerProcess(program(listening + "," + other))) {
            assertThat(program.line()).isEqualTo("main");
            assertThat(program.echo("listen " + port)).isNotNull();
            everyThread(program, OutsideStatus.mine());
            assertThat(program.echo("listen " + other)).isNotNull();
            awaitDrop(program);
            everyThread(program, dropped());
            assertThat(program.end()).isZero();
        }
    }

    /** Otherwise a program whose port is taken, or that never opens it, would stay root. */
    @Test
    void aPortOfAnotherProcessDoesNotCount() throws Exception {
        try (ServerSocket taken = new ServerSocket(port)) {
            assertThat(taken.isBound()).isTrue();
            String missing = "the program does not listen on [" + port + "] within 1 seconds; the option within sets"
                    + " another time";
            try (ConsumerProcess program = new ConsumerProcess(program(listening + ",within=1"))) {
                assertThat(program.line()).isEqualTo("main");
                assertThat(program.line()).isNull();
                assertThat(program.end()).isEqualTo(77);
                assertThat(program.errors()).containsExactly("nucleus.caps: not dropped: " + missing);
            }
        }
    }

    @Test
    void advisesBeforeMainAndDropsNothing() throws Exception {
        Path closed = Modules.directory("rwxr-xr-x");
        try (ConsumerProcess program = new ConsumerProcess(withTemporary(closed, program("=" + NOBODY_ON_PORTS + ",advise")))) {
            assertThat(program.line()).isEqualTo("main");
            assertThat(program.errors()).isEqualTo(advice(closed));
            everyThread(program, OutsideStatus.mine());
            assertThat(program.end()).isZero();
            assertThat(program.errors()).isEqualTo(advice(closed));
        }
    }

    @Test
    void advisesWhenTheProgramListens() throws Exception {
        Path closed = Modules.directory("rwxrwxrwx");
        try (ConsumerProcess program = new ConsumerProcess(withTemporary(closed, program(listening + ",advise")))) {
            assertThat(program.line()).isEqualTo("main");
            assertThat(program.errors()).isEmpty();
            Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwxr-xr-x"));
            assertThat(program.echo("listen " + port)).isNotNull();
            program.error("nothing is dropped");
            assertThat(program.errors()).isEqualTo(advice(closed));
            everyThread(program, OutsideStatus.mine());
            assertThat(program.end()).isZero();
        }
    }

    private static List<String> withTemporary(Path directory, List<String> command) {
        command.replaceAll(word -> word.startsWith("-Djava.io.tmpdir=") ? "-Djava.io.tmpdir=" + directory : word);
        return command;
    }

    private static List<String> advice(Path closed) {
        return List.of("nucleus.caps: advice: temporary files cannot be created, because uid 65534 cannot write " + closed
                + "; choose a directory of that user, or hand it over with the option handOver",
                "nucleus.caps: nothing is dropped, because the option advise is given");
    }

    @Test
    void aProgramThatGetsNoAdviceRunsOn() throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(program(listening + ",within=1,advise"))) {
            assertThat(program.line()).isEqualTo("main");
            assertThat(program.error("no advice")).isEqualTo("nucleus.caps: no advice: the program does not listen on [" + port
                    + "] within 1 seconds; the option within sets another time");
            everyThread(program, OutsideStatus.mine());
            assertThat(program.echo("on")).isEqualTo("on");
            assertThat(program.end()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                              | the agent needs the option user, as in user=www-data",
        "=                               | the agent needs the option user, as in user=www-data",
        "=keep=kill                      | the agent needs the option user, as in user=www-data",
        "=usr=nobody                     | the agent has no option \"usr\"; its options are user=, keep=, at=, within= and advise",
        "=advise                         | the agent needs the option user, as in user=www-data",
        "=user=1:1,advise=yes            | the option advise has no value",
        "=user=1:1,advise,advise         | the option advise is given twice",
        "=user=1:1,keep=kill,advise,chown | the agent has no option \"chown\"; its options are user=, keep=, at=, within= and advise",
        "=user=1:1,advise,within=5       | the option within needs the option at",
        "=user=root,advise               | user is NAME or UID:GID, neither of them 0, not \"root\"",
        "=user=no-such-user              | getpwnam_r(\"no-such-user\"): there is no such user",
        "=user=root                      | user is NAME or UID:GID, neither of them 0, not \"root\"",
        "=user=1000:0                    | user is NAME or UID:GID, neither of them 0: an id is within 1 to 4294967294, not \"0\"",
        "=user=1:1,user=2:2              | the option user is given twice",
        "=user=1:1,keep=kil              | no capability is named \"kil\"; the nearest is cap_kill",
        "=user=1:1,at=port:80            | at is listening:PORT, or listening:PORT,PORT, not \"port:80\"",
        "=user=1:1,at=listening:         | a port is within 1 to 65535, not \"\"",
        "=user=1:1,at=listening:80,x     | a port is within 1 to 65535, not \"x\"",
        "=user=1:1,within=5              | the option within needs the option at",
        "=user=1:1,at=listening:80,within=5s | the number of seconds is within 1 to 86400, not \"5s\"",
    })
    void wrongOptionsEndTheJvmBeforeMain(String options, String line) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(program(options))) {
            assertThat(program.end()).isEqualTo(77);
            assertThat(program.errors()).containsExactly("nucleus.caps: not dropped: " + line);
        }
    }

    @Test
    void aRefusedDropEndsTheJvm() throws Exception {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"));
        command.addAll(program("=user=65534:65534"));
        endsWith("prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the effective set, which holds none;"
                + " lockUnprivileged() does not need it and clears every set except bounding", command);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void worksBesideAnotherAgent(boolean first) throws Exception {
        String other = "-javaagent:" + Consumer.at("agent/target/lib/opentelemetry-javaagent.jar");
        List<String> command = program("=" + NOBODY_ON_PORTS);
        command.add(first ? 1 : 3, other);
        command.addAll(1, List.of("-Dotel.traces.exporter=none", "-Dotel.metrics.exporter=none", "-Dotel.logs.exporter=none"));
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            assertThat(program.line()).isEqualTo("main");
            everyThread(program, dropped());
            assertThat(program.end()).isZero();
            assertThat(program.errors()).anyMatch(line -> line.contains("opentelemetry-javaagent - version")).filteredOn(
                    line -> line.startsWith("nucleus.caps")).singleElement().asString().matches(DROPPED);
        }
    }

    /** With a drop before main, a recording of the command line would start only after it. */
    @Test
    void aFlightRecordingShowsTheDrop() throws Exception {
        Path repository = Modules.directory("rwxr-xr-x");
        List<String> command = program(listening);
        command.addAll(1, List.of("-Xlog:jfr+startup=off", "-XX:StartFlightRecording",
                "-XX:FlightRecorderOptions:repository=" + repository + ",preserve-repository=true"));
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            assertThat(program.line()).isEqualTo("main");
            assertThat(program.echo("listen " + port)).isNotNull();
            awaitDrop(program);
            assertThat(program.end()).isZero();
        }
        try (Stream<Path> files = Files.walk(repository)) {
            Path file = files.filter(path -> path.toString().endsWith(".jfr")).findFirst().orElseThrow();
            assertThat(RecordingFile.readAllEvents(file)).filteredOn(
                    event -> event.getEventType().getName().equals("nucleus.caps.Transition")).singleElement()
                    .satisfies(event -> assertThat(event.getString("bounding")).isEqualTo("cap_net_bind_service"))
                    .satisfies(event -> assertThat(event.getThread("eventThread").getJavaName())
                            .isEqualTo("nucleus.caps agent"));
        }
    }

    /** The JVM takes the agent from the module that the program uses, and not from the class path. */
    @Test
    void worksWithAModuleThatUsesTheLibrary() throws Exception {
        try (ConsumerProcess program =
                new ConsumerProcess(
                        Consumer.MODULAR.command("--enable-native-access=nucleus.caps", "-Djava.io.tmpdir="
                                + Modules.directory("rwxrwxrwx"), agent("=user=65534:65534")))) {
            assertThat(program.line()).isEqualTo(Consumer.MODULAR.said);
            assertThat(program.errors()).allMatch(line -> line.startsWith("nucleus.caps: info: dropped ")).hasSize(2);
        }
    }
}
