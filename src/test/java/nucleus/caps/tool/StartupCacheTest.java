package nucleus.caps.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code scripts/startup-cache} asks of each JDK. A script takes the place of java: it notes its options. */
class StartupCacheTest {

    private static final Path SCRIPT = Path.of(System.getProperty("caps.basedir"), "scripts", "startup-cache");
    private static final String JAVA = """
            #!/bin/sh
            echo "$*" >>'%s'
            for option; do
                case $option in
                -XX:AOTCache=* | -XX:AOTConfiguration=* | -XX:ArchiveClassesAtExit=*) echo made >"${option#*=}" ;;
                esac
            done
            exit %d
            """;

    @TempDir
    private Path directory;
    private Path target;
    private Path noted;

    @BeforeEach
    void makeTarget() throws IOException {
        target = Files.createDirectory(directory.resolve("a target"));
        noted = directory.resolve("noted");
        Files.createFile(target.resolve("x.jar"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "22.0.2+9|-XX:ArchiveClassesAtExit=cache|-XX:SharedArchiveFile=|-Xlog:cds*=off",
        "23+37|-XX:ArchiveClassesAtExit=cache|-XX:SharedArchiveFile=|-Xlog:cds*=off",
        "24.0.1+9|-XX:AOTMode=record;-XX:AOTMode=create|-XX:AOTCache=|-Xlog:cds*=off",
        "25.0.3+9-LTS|-XX:AOTMode=record;-XX:AOTMode=create|-XX:AOTCache=|-Xlog:aot*=off,cds*=off"})
    void eachJdkIsAskedForWhatItHas(String version, String training, String option, String log) throws Exception {
        Path jdk = jdk(version, 0);

        List<String> printed = startupCache(jdk);
        assertThat(printed).hasSize(2).element(0).asString().startsWith(option + target + "/startup-jdk-" + version + "-");
        assertThat(printed.get(1)).isEqualTo(log);
        assertThat(Path.of(printed.getFirst().substring(option.length()))).hasContent("made\n");
        assertThat(Files.readAllLines(noted).stream().map(line -> line.split(" ")[0]))
                .containsExactly(training.split(";"));
        assertThat(startupCache(jdk)).isEqualTo(printed);
        assertThat(Files.readAllLines(noted)).hasSize(training.split(";").length);
    }

    @Test
    void whatCannotBeMadeIsTriedOnce() throws Exception {
        Path jdk = jdk("25", 1);
        assertThat(startupCache(jdk)).isEmpty();
        assertThat(startupCache(jdk)).isEmpty();
        assertThat(Files.readAllLines(noted)).hasSize(1);
    }

    @Test
    void nobodyWaitsForAnotherCommandThatMakesTheCache() throws Exception {
        Path jdk = jdk("25", 0);
        assertThat(output(List.of("flock", target.resolve("startup-cache.lock").toString(), SCRIPT.toString(),
                jdk.toString(), modules()))).isEmpty();
        assertThat(noted).doesNotExist();
        assertThat(startupCache(jdk)).isNotEmpty();
    }

    @Test
    void twoJdksKeepTheirCaches() throws Exception {
        List<String> first = startupCache(jdk("24", 0));
        List<String> second = startupCache(jdk("25", 0));
        assertThat(second.getFirst()).isNotEqualTo(first.getFirst());
        assertThat(startupCache(jdk("24", 1))).isEqualTo(first);
    }

    @Test
    void aJdkWithoutAVersionHasNoCache() throws Exception {
        assertThat(startupCache(jdk("", 0))).isEmpty();
        assertThat(noted).doesNotExist();
    }

    private Path jdk(String version, int status) throws IOException {
        Path jdk = directory.resolve("jdk");
        Path java = Files.createDirectories(jdk.resolve("bin")).resolve("java");
        Files.writeString(jdk.resolve("release"), "JAVA_RUNTIME_VERSION=\"" + version + "\"\n");
        Files.writeString(java, JAVA.formatted(noted, status));
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return jdk;
    }

    private String modules() {
        return target.resolve("x.jar").toString();
    }

    private List<String> startupCache(Path jdk) throws IOException, InterruptedException {
        return output(List.of(SCRIPT.toString(), jdk.toString(), modules()));
    }

    private static List<String> output(List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).redirectErrorStream(true);
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output.lines().toList();
    }
}
