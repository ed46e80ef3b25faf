package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;

/**
 * The library and the tests as jars, and an archive of their classes for class data sharing, java(1). A child JVM that uses
 * the archive needs a third less processor time.
 */
public final class SharedClasses {

    private static final Path DIRECTORY = Modules.directory("rwxr-xr-x");
    private static final Path LIBRARY = jar("caps.classes", "nucleus-caps.jar");
    private static final Path TESTS = jar("caps.testClasses", "tests.jar");
    private static final Path ARCHIVE = DIRECTORY.resolve("classes.jsa");

    static {
        archive();
    }

    private SharedClasses() {
    }

    /** Loads the classes that most children need. */
    static final class Loads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            try {
                Caps.begin(Scope.PROCESS);
            } catch (CapsException e) {
                System.err.println(e); // where the kernel refuses it, the archive has fewer classes
            }
        }
    }

    /** {@return the options of a JVM that uses the archive: where the library and the tests are, and the archive} */
    public static List<String> options() {
        List<String> options = new ArrayList<>(jars());
        // Some options keep the JVM from using all of the archive, and it logs an error. It still uses the classes.
        options.addAll(List.of("-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:cds*=off"));
        return options;
    }

    private static List<String> jars() {
        return ChildCommand.classes(LIBRARY, TESTS);
    }

    private static Path jar(String property, String name) {
        Path jar = DIRECTORY.resolve(name);
        ToolProvider tool = ToolProvider.findFirst("jar").orElseThrow();
        int status = tool.run(System.out, System.err, "--create", "--no-compress", "--file", jar.toString(), "-C",
                System.getProperty(property), ".");
        if (status != 0) {
            throw new IllegalStateException("jar ended with " + status);
        }
        return jar;
    }

    /** A JVM that cannot use the archive starts without it. */
    private static void archive() {
        List<String> command = new ArrayList<>(ChildCommand.java());
        command.addAll(jars());
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, ChildMain.class.getName(), Loads.class.getName()));
        try {
            Path input = Files.writeString(DIRECTORY.resolve("input"), "\n"); // lets the child go on from its start
            Command.Result result =
                    Command.result(ChildCommand.unbiased(new ProcessBuilder(command)).redirectInput(input.toFile()));
            if (result.status() != 0) {
                throw new IllegalStateException(result.output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
