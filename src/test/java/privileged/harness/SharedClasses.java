package privileged.harness;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;

/**
 * The library and the tests as jars, with an archive of their classes. A child JVM that uses the archive needs two thirds of
 * the processor time, class data sharing in the manual page of java.
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
        // The JVM writes that options keep it from using all of the archive. It uses the classes of the library.
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
        List<String> command = new ArrayList<>();
        command.addAll(ChildCommand.java());
        command.addAll(jars());
        command.addAll(List.of("-XX:ArchiveClassesAtExit=" + ARCHIVE, ChildMain.class.getName(), Loads.class.getName()));
        try {
            Process process = ChildCommand.unbiased(new ProcessBuilder(command)).redirectErrorStream(true).start();
            try (OutputStream goOn = process.getOutputStream()) {
                goOn.write('\n');
            }
            String output = new String(process.getInputStream().readAllBytes());
            if (process.waitFor() != 0) {
                throw new IllegalStateException(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
