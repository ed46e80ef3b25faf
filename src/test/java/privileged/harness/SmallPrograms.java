package privileged.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Small programs that tests start, in a directory that everybody can enter. */
public final class SmallPrograms {

    private final Path directory = Modules.directory("rwxr-xr-x");

    /** {@return a program that prints what it is and holds} */
    public Path status() {
        return compiled(CSource.of(SmallPrograms.class, "status"), "status");
    }

    /** {@return a static program, compiled once for this object} */
    public Path compiled(CSource source, String name) {
        Path program = directory.resolve(name);
        return Files.exists(program) ? program : source.compile(program, "-static");
    }

    /** A copy with another owner and mode; chown clears the bits, so it comes first. */
    public Path copy(Path program, String name, String owner, String mode) throws IOException {
        Path copy = directory.resolve(name);
        Files.copy(program, copy, StandardCopyOption.REPLACE_EXISTING);
        Command.run("chown", owner, copy.toString());
        Command.run("chmod", mode, copy.toString());
        return copy;
    }

    public Path withCapabilities(Path program, String capabilities) {
        Command.run("/sbin/setcap", capabilities, program.toString());
        return program;
    }

    public Path script(String name, String text) throws IOException {
        Path script = Files.writeString(directory.resolve(name), text);
        Command.run("chmod", "755", script.toString());
        return script;
    }
}
