package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.Requires;
import privileged.harness.SameInContainers;

/** Native access is what a library cannot grant itself. */
@Privileged
@SameInContainers
class NativeAccessIT {

    private static Command.Result caps(List<String> options, String... words) throws Exception {
        String modules = Modules.readable().resolve("classes").toString();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-p", modules, "-m", "nucleus.caps/nucleus.caps.tool.Main"));
        command.addAll(List.of(words));
        return Command.result(command.toArray(String[]::new));
    }

    /** Only a native call reads securebits. Everything else is in /proc. */
    @Test
    void readsAThreadWithoutNativeAccess() throws Exception {
        Command.Result granted = caps(List.of("--enable-native-access=nucleus.caps"), "show");
        Command.Result warned = caps(List.of(), "show");

        assertThat(granted.output()).contains("securebits    none");
        assertThat(warned.status()).isZero();
        String told = granted.output().replaceFirst("securebits    none", "securebits    ?");
        assertThat(withoutId(warned.output())).isEqualTo(withoutId(told));
        if (Runtime.version().feature() >= 24) {
            Command.Result denied = caps(List.of("--illegal-native-access=deny"), "show");
            assertThat(denied.status()).isZero();
            assertThat(withoutId(denied.output())).isEqualTo(withoutId(told));
        }
    }

    private static String withoutId(String output) {
        return output.replaceFirst("thread \\d+", "thread");
    }

    @Test
    @Requires(Requirement.JAVA_24)
    void missingNativeAccessSaysHowToGrantIt() throws Exception {
        Command.Result denied = caps(List.of("--illegal-native-access=deny"), "drop", "--stay-root");
        String message = "native access is not enabled for nucleus.caps; start java with --enable-native-access=nucleus.caps,"
                + " or with =ALL-UNNAMED if the library is on the class path";

        assertThat(denied.output()).isEqualTo("caps: " + message + "\n");
        assertThat(TroubleshootingIT.told()).contains(message);
        assertThat(denied.status()).isEqualTo(1);
    }
}
