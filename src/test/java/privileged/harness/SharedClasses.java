package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.spi.ToolProvider;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;

/**
 * The library and the tests as jars, and ahead-of-time caches of their classes, java(1). A JVM with a cache needs half of the
 * processor time of a JVM without one. It can use only a cache that was made with the same module options.
 */
public final class SharedClasses {

    /** The first JDK that makes a cache in one step. */
    private static final int FIRST = 25;

    private static final Path DIRECTORY = Modules.directory("rwxr-xr-x");
    private static final Path LIBRARY = jar("caps.classes", "nucleus-caps.jar");
    private static final Path TESTS = jar("caps.testClasses", "tests.jar");
    private static final Path INPUT = write("input", "\n"); // lets a child go on from its start
    private static final Map<Training, Path> CACHES = new ConcurrentHashMap<>();
    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** A run of a JVM that loads the classes for a cache. */
    private record Training(List<String> jvm, List<String> main) {

        Path cache() {
            Path cache = DIRECTORY.resolve(NUMBER.incrementAndGet() + ".aot");
            run("-XX:AOTCacheOutput=" + cache);
            run("-XX:AOTCache=" + cache, "-XX:AOTMode=on"); // ends with an error if the cache cannot be used
            return cache;
        }

        private void run(String... options) {
            List<String> command = new ArrayList<>(jvm);
            command.addAll(List.of(options));
            command.addAll(main);
            Command.Result result =
                    Command.result(ChildCommand.unbiased(new ProcessBuilder(command)).redirectInput(INPUT.toFile()));
            if (result.status() != 0) {
                throw new IllegalStateException(result.output());
            }
        }
    }

    /** Loads the classes that most children need. */
    static final class Loads implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            try {
                Caps.begin(Scope.PROCESS);
            } catch (CapsException e) {
                System.err.println(e); // where the kernel refuses it, the cache has fewer classes
            }
        }
    }

    private SharedClasses() {
    }

    /** {@return the command of a JVM that runs the program of the library: the jars, the cache and the main class} */
    public static List<String> ofProgram(List<String> jvm) {
        String main = "nucleus.caps/nucleus.caps.tool.Main";
        List<String> command = with(jvm, List.of("-m", main, "show"));
        command.addAll(List.of("-m", main));
        return command;
    }

    /** {@return whether this JDK can make and use caches} */
    static boolean haveCaches() {
        return Runtime.version().feature() >= FIRST;
    }

    /** {@return the command of a child: the jars and the cache} */
    static List<String> ofChild(List<String> jvm) {
        return with(jvm, List.of(ChildMain.class.getName(), Loads.class.getName()));
    }

    private static List<String> with(List<String> jvm, List<String> main) {
        List<String> command = new ArrayList<>(jvm);
        command.addAll(ChildCommand.classes(LIBRARY, TESTS));
        if (haveCaches()) {
            Path cache = CACHES.computeIfAbsent(new Training(List.copyOf(command), main), Training::cache);
            // Some options, for example an agent, keep a JVM from using a cache. The JVM then logs an error.
            command.addAll(List.of("-XX:AOTCache=" + cache, "-Xlog:aot*=off", "-Xlog:cds*=off"));
        }
        return command;
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

    private static Path write(String name, String text) {
        try {
            return Files.writeString(DIRECTORY.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
