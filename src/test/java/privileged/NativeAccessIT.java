package privileged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Native access is what a library cannot grant itself. */
@Privileged
class NativeAccessIT {

    private record Ended(int exit, String output) {
    }

    private static Ended caps(List<String> options, String... words) throws Exception {
        String modules = Modules.readable().resolve("classes") + File.pathSeparator + Modules.readable().resolve("lib");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-p", modules, "-m", "nucleus.caps/nucleus.caps.tool.Main"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    /** Only a native call can read securebits; everything else is in /proc. */
    @Test
    void withoutItAThreadReadsItselfButForItsSecurebits() throws Exception {
        Ended granted = caps(List.of("--enable-native-access=nucleus.caps"), "show");
        Ended warned = caps(List.of(), "show");
        assertThat(granted.output()).contains("securebits    none");
        assertThat(warned.exit()).isZero();
        String told = granted.output().replaceFirst("securebits    none", "securebits    ?");
        assertThat(withoutId(warned.output())).isEqualTo(withoutId(told));
        if (Runtime.version().feature() >= 24) {
            Ended denied = caps(List.of("--illegal-native-access=deny"), "show");
            assertThat(denied.exit()).isZero();
            assertThat(withoutId(denied.output())).isEqualTo(withoutId(told));
        }
    }

    private static String withoutId(String output) {
        return output.replaceFirst("thread \\d+", "thread");
    }

    @Test
    void withoutItTheErrorSaysHowToGrantIt() throws Exception {
        assumeTrue(Runtime.version().feature() >= 24, "a JDK that only warns");
        Ended denied = caps(List.of("--illegal-native-access=deny"), "drop", "--stay-root");
        String message = "nucleus.caps may make no native calls: start java with"
                + " --enable-native-access=nucleus.caps, or =ALL-UNNAMED where it is on the class path";
        assertThat(denied.output()).isEqualTo("caps: " + message + "\n");
        assertThat(TroubleshootingIT.told()).contains(message);
        assertThat(denied.exit()).isEqualTo(1);
    }
}
