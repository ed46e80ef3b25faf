package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.program;

import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The agent ends a JVM that it cannot drop, and says why. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentRefusalsIT {

    /** A port that no earlier program still holds. */
    private final int port = LowPort.free();
    private final String listening = "=" + NOBODY_ON_PORTS + ",at=listening:" + port;

    private static void endsBeforeMain(String line, List<String> command) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            assertThat(program.rest()).isEmpty();
            assertThat(program.end()).isEqualTo(77);
            assertThat(program.errors()).containsExactly("nucleus.caps: not dropped: " + line);
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
        endsBeforeMain(line, program(options));
    }

    @Test
    void aRefusedDropEndsTheJvm() throws Exception {
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"));
        command.addAll(program("=user=65534:65534"));
        endsBeforeMain("prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM: needs CAP_SETPCAP in the effective set, which holds none;"
                + " lockUnprivileged() does not need it and clears every set except bounding", command);
    }
}
