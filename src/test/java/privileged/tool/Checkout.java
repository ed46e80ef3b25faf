package privileged.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import privileged.harness.ChildCommand;
import privileged.harness.Command;
import privileged.harness.Modules;

/** A copy of the scripts beside a built library, where everybody can read. */
final class Checkout {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir"));
    private static final List<String> SCRIPTS = List.of("caps", "find-jdk", "module-path", "startup-cache");

    private final Path root = Modules.directory("rwxr-xr-x");
    private final Path target = root.resolve("target");
    private final Path jar;

    Checkout() {
        try {
            jar = build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path build() throws IOException {
        Files.createDirectory(target);
        Files.createDirectories(root.resolve("src/main"));
        Files.createDirectory(root.resolve("scripts"));
        for (String script : SCRIPTS) {
            Files.copy(BASE.resolve("scripts").resolve(script), root.resolve("scripts").resolve(script));
        }
        Path pom = Files.copy(BASE.resolve("pom.xml"), root.resolve("pom.xml"));
        String version = Files.readString(pom).replaceFirst("(?s).*?<artifactId>nucleus-caps</artifactId>\\s*<version>"
                + "([^<]+).*", "$1");
        Path built = target.resolve("nucleus-caps-" + version + ".jar");
        assertThat(ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file",
                built.toString(), "-C", System.getProperty("caps.classes"), ".")).isZero();
        Command.run("chmod", "-R", "a+rX", root.toString());
        return built;
    }

    Path jar() {
        return jar;
    }

    /** {@return the caches of all builds} */
    List<Path> caches() {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.toString().endsWith(".cache")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return how {@code scripts/caps} ended and what it printed} */
    Command.Result caps(String... words) {
        return caps(List.of(), Map.of(), words);
    }

    Command.Result caps(List<String> through, Map<String, String> environment, String... words) {
        List<String> command = Stream.of(through.stream(), Stream.of(root.resolve("scripts/caps").toString()),
                Stream.of(words)).flatMap(part -> part).toList();
        ProcessBuilder builder = ChildCommand.unbiased(new ProcessBuilder(command));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return Command.result(builder);
    }
}
