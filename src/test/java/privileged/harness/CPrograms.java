package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small programs in C that tests start, in a directory that everybody can enter. */
public final class CPrograms {

    private static final Path SOURCES = Path.of(System.getProperty("caps.basedir"), "src/test/c");

    private final Path directory = Modules.directory("rwxr-xr-x");

    /** Prints what it is and holds. */
    public Path status() {
        return compiled("status");
    }

    /** Does to itself what a launcher is asked for. */
    public Path launched() {
        return compiled("launched");
    }

    private Path compiled(String name) {
        Path program = directory.resolve(name);
        if (!Files.exists(program)) {
            run("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-static", "-o", program.toString(),
                    SOURCES.resolve(name + ".c").toString());
        }
        return program;
    }

    /** A copy with another owner and mode; chown clears the bits, so it comes first. */
    public Path copy(Path program, String name, String owner, String mode) throws IOException {
        Path copy = directory.resolve(name);
        Files.copy(program, copy, StandardCopyOption.REPLACE_EXISTING);
        run("chown", owner, copy.toString());
        run("chmod", mode, copy.toString());
        return copy;
    }

    public Path withCapabilities(Path program, String capabilities) {
        run("/sbin/setcap", capabilities, program.toString());
        return program;
    }

    public Path script(String name, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), text);
        run("chmod", "755", script.toString());
        return script;
    }

    /** {@return what it printed, having ended well} */
    public static List<String> run(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            List<String> lines = new ArrayList<>();
            process.inputReader().lines().forEach(lines::add);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as("%s: %s", String.join(" ", command), lines).isZero();
            return lines;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
