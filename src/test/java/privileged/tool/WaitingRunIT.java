package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.tool.CapsRun.caps;
import static privileged.tool.CapsRun.output;
import static privileged.tool.CapsRun.status;

import java.io.BufferedReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import privileged.harness.Command;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** {@code caps run --wait} starts the command as a child, and forwards signals to it. */
@Privileged
@SameInContainers
class WaitingRunIT {

    private static final String WAITING = "--wait " + CapsRun.NOBODY;

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "kill -TERM $$, 143", "kill -KILL $$, 137"})
    void endsAsTheCommandEnds(String script, int status) throws Exception {
        Process process = caps(WAITING, "sh", "-c", script);
        assertThat(output(process)).isEmpty();
        assertThat(status(process)).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "HUP"})
    void forwardsASignal(String signal) throws Exception {
        Process process = caps(WAITING, "sh", "-c", "trap 'exit 9' " + signal
                + "; echo ready; while :; do sleep 0.1; done");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            Command.run("kill", "-" + signal, Long.toString(process.pid()));
            assertThat(status(process)).isEqualTo(9);
        }
    }

    @Test
    void forwardsEverySignal() throws Exception {
        Process process = caps(WAITING, "sh", "-c", "trap 'echo INT' INT; trap 'exit 9' TERM; echo ready;"
                + " while :; do sleep 0.1; done");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            for (int i = 0; i < 2; i++) {
                Command.run("kill", "-INT", Long.toString(process.pid()));
                assertThat(lines.readLine()).isEqualTo("INT");
            }
            Command.run("kill", "-TERM", Long.toString(process.pid()));
            assertThat(status(process)).isEqualTo(9);
        }
    }

    @Test
    void endsAfterASignalToTheCommand() throws Exception {
        Process process = caps(WAITING, "sh", "-c", "echo ready; exec sleep 100");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            Command.run("kill", "-TERM", Long.toString(process.pid()));
            assertThat(status(process)).isEqualTo(143);
        }
    }
}
