package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import privileged.harness.Command;
import privileged.harness.Modules;
import privileged.harness.Privileged;
import privileged.harness.Requirement;
import privileged.harness.SameInContainers;

/** Native access is what a library cannot grant itself. */
@Privileged
@SameInContainers
class NativeAccessIT {

    @Test
    void missingNativeAccessSaysHowToGrantIt() throws Exception {
        Requirement.JAVA_24.orSkip();
        String modules = Modules.readable().resolve("classes") + File.pathSeparator + Modules.readable().resolve("lib");
        Command.Result result = Command.result(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--illegal-native-access=deny", "-p", modules, "-m", "nucleus.caps/nucleus.caps.tool.Main", "show");
        String message = "nucleus.caps may make no native calls: start java with"
                + " --enable-native-access=nucleus.caps, or =ALL-UNNAMED where it is on the class path";
        assertThat(result.output()).isEqualTo("caps: " + message + "\n");
        assertThat(TroubleshootingIT.told()).contains(message);
        assertThat(result.status()).isEqualTo(1);
    }
}
