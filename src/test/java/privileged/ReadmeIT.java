package privileged;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's examples are compiled and run as they stand there. */
@Privileged
class ReadmeIT {

    private static final Path README = Path.of(System.getProperty("caps.basedir"), "README.md");

    @Test
    void theExampleStartsAProgramThatIsNobody(@TempDir Path directory) throws Exception {
        List<String> output = outputOf("Example", directory);

        assertThat(output).containsExactly(
                "uid 65534, gid 65534, groups []: bounding=none permitted=none effective=none inheritable=none"
                        + " ambient=none",
                "Uid:\t65534\t65534\t65534\t65534", "CapInh:\t0000000000000000", "CapPrm:\t0000000000000000",
                "CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "CapAmb:\t0000000000000000",
                "NoNewPrivs:\t1");
    }

    @Test
    void theExampleSpeaksTheFieldsLanguage(@TempDir Path directory) throws Exception {
        List<String> output = outputOf("Speaking", directory);

        assertThat(output).startsWith("cap_net_bind_service of all", "=p cap_net_bind_service+e",
                "cap_net_bind_service=ep", "[CAP_NET_BIND_SERVICE]", "CAP_CHOWN");
        assertThat(output.subList(5, output.size())).isNotEmpty().allMatch(line -> line.matches("\\d+ .+=.*"));
    }

    /** Of the class of that name. */
    private static List<String> outputOf(String name, Path directory) throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(README));
        String code = block.results().map(result -> result.group(1))
                .filter(text -> text.contains("class " + name + " ")).findFirst().orElseThrow();
        Path source = Files.writeString(directory.resolve(name + ".java"), code);
        String modules = Modules.readable().resolve("classes") + File.pathSeparator + Modules.readable().resolve("lib");
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "22", "-Xlint:all",
                "-Werror", "-p", modules, "--add-modules", "nucleus.caps", "-d", directory.toString(),
                source.toString())).isZero();

        return run(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=nucleus.caps",
                "-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider", "-p", modules,
                "--add-modules", "nucleus.caps", "-cp", directory.toString(), name);
    }

    private static List<String> run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()
                .toList();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
        return output;
    }
}
