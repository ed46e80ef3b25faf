package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.ChildCommand;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A server that is refused ends at once, and says why in one line. */
@Privileged
@SameInContainers
class DropOrExitIT {

    /** What it prints after the drop, and in a shutdown hook, must not be seen. */
    static final class Server {
        private Server() {
        }

        public static void main(String[] args) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("hook")));
            Caps.dropOrExit(() -> switch (args[0]) {
                case "kept" ->
                    Caps.begin(Scope.PROCESS).dropExcept(CapabilitySet.of(Capability.CAP_KILL), Identity.of(65534, 65534));
                case "user" -> Caps.begin(Scope.PROCESS).drop(Caps.identityOf("nobody-of-that-name"));
                case "null" -> null;
                case "lines" -> throw new IllegalStateException("one\ntwo");
                default -> throw new StackOverflowError();
            });
            System.out.println("serving");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "kept  | capset: EPERM: a kept capability must be in the permitted set, which lacks cap_kill",
        "user  | getpwnam_r(\"nobody-of-that-name\"): there is no such user",
        "null  | the last phase",
        "lines | one two",
        "error | java.lang.StackOverflowError",
    })
    void endsWithOneLineAndNothingElse(String how, String why) {
        Command.Result result = server("--inh-caps=-all", "--bounding-set=-all,+setpcap,+setuid,+setgid", how);

        assertThat(result.output()).isEqualTo("nucleus.caps: not dropped: " + why + "\n");
        assertThat(result.status()).isEqualTo(77);
    }

    private static Command.Result server(String... words) {
        List<String> command = new ArrayList<>(List.of("setpriv", words[0], words[1],
                System.getProperty("java.home") + "/bin/java", "--enable-native-access=ALL-UNNAMED", "-cp",
                Modules.readable().resolve("classes") + ":" + Modules.readable().resolve("test-classes"),
                Server.class.getName(), words[2]));
        return Command.result(ChildCommand.unbiased(new ProcessBuilder(command)));
    }
}
