package privileged.harness;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Compiles a source of {@code src/test/c} for the tests of this JVM. */
public final class CSource {

    private static final Path SOURCES = Path.of(System.getProperty("caps.basedir"), "src/test/c");

    private CSource() {
    }

    public static Path program(String name) {
        return compiled(name, name, "-static");
    }

    /** What a child can load. */
    public static Path library(String name) {
        return compiled(name, "lib" + name + ".so", "-shared", "-fPIC");
    }

    private static Path compiled(String name, String result, String... options) {
        Path path = Modules.directory("rwxr-xr-x").resolve(result);
        List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"));
        command.addAll(List.of(options));
        command.addAll(List.of("-o", path.toString(), SOURCES.resolve(name + ".c").toString()));
        CPrograms.run(command.toArray(String[]::new));
        return path;
    }
}
