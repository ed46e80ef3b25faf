package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.docs.AgentRun.DROPPED;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.agent;
import static privileged.docs.AgentRun.awaitDrop;
import static privileged.docs.AgentRun.dropped;
import static privileged.docs.AgentRun.everyThread;
import static privileged.docs.AgentRun.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The agent drops programs that do not know the library. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentIT {

    /** A port that no earlier program still holds. */
    private final int port = LowPort.free();
    private final String listening = "=" + NOBODY_ON_PORTS + ",at=listening:" + port;

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
