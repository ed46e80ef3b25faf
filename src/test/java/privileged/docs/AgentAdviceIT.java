package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.everyThread;
import static privileged.docs.AgentRun.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The agent with the option advise gives advice and drops nothing. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentAdviceIT {

    /** A port that no earlier program still holds. */
    private final int port = LowPort.free();
    private final String listening = "=" + NOBODY_ON_PORTS + ",at=listening:" + port;

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
}
