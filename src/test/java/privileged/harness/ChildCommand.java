package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a child JVM is started: with the library as a named module, as its users start theirs. */
public final class ChildCommand {

    private final Class<? extends ChildScenario> scenario;
    private final List<String> args;
    private final List<String> through = new ArrayList<>();
    private final List<String> options = new ArrayList<>();
    private Optional<Path> modules = Optional.empty();
    private Duration patience = Duration.ofSeconds(60);
    private Optional<Path> directory = Optional.empty();
    private boolean cached = true;

    public ChildCommand(Class<? extends ChildScenario> scenario, String... args) {
        this.scenario = scenario;
        this.args = List.of(args);
    }

    /** Puts a command that ends by running its arguments before what is there already. */
    public ChildCommand through(String... command) {
        through.addAll(0, Arrays.asList(command));
        return this;
    }

    /** Lets a shell do something first. */
    public ChildCommand after(String script) {
        return through("sh", "-ec", script + "; exec \"$@\"", "sh");
    }

    /** As nobody, who holds exactly those: names as setpriv knows them, separated by commas. */
    public ChildCommand asNobodyWith(String names) {
        return as(TestIds.NOBODY, names);
    }

    /** The same as somebody else. */
    public ChildCommand as(long id, String names) {
        return through("setpriv", "--reuid", Long.toString(id), "--regid", Long.toString(id), "--clear-groups",
                "--inh-caps", exactly(names), "--ambient-caps", exactly(names));
    }

    /** With exactly those inheritable and ambient. */
    public ChildCommand inheriting(String inheritable, String ambient) {
        return through("setpriv", "--inh-caps", exactly(inheritable), "--ambient-caps", exactly(ambient));
    }

    private static String exactly(String names) {
        return "-all" + (names.isEmpty() ? "" : ",+" + names.replace(",", ",+"));
    }

    /** With those securebits, a number. */
    public ChildCommand secureBits(String bits) {
        return through("capsh", "--secbits=" + bits, "--", "-c", "exec \"$0\" \"$@\"");
    }

    /** Under strace, which writes to that file alone. */
    public ChildCommand traced(Path file, String... options) {
        return through(options).through("strace", "-f", "--quiet=all", "-e", "signal=none", "-o", file.toString());
    }

    /** In that working directory. */
    public ChildCommand in(Path place) {
        directory = Optional.of(place);
        return this;
    }

    /** Without the terminal and the working directory of the build, about which there could be advice. */
    public ChildCommand apart() {
        return in(Modules.readable()).through("setsid");
    }

    /** Puts an option before the others, which can override it. */
    ChildCommand firstOption(String option) {
        options.addFirst(option);
        return this;
    }

    public ChildCommand option(String option) {
        options.add(option);
        return this;
    }

    /** Lets the logging of the child be seen on its standard error. */
    public ChildCommand logging(String level) {
        return option("-Dnucleus.caps.log=" + level);
    }

    /** Takes the library from another copy. */
    public ChildCommand modules(Path copy) {
        modules = Optional.of(copy);
        return this;
    }

    /** Loads and links each class only when it is needed, as for users without a cache, and denies illegal native access. */
    public ChildCommand withoutCache() {
        cached = false;
        return this;
    }

    public ChildCommand patience(Duration time) {
        patience = time;
        return this;
    }

    public ObservedChild start() {
        ProcessBuilder builder = builder();
        try {
            return new ObservedChild(builder.start(), builder.command(), patience);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For a test that talks to the child itself. */
    public ProcessBuilder builder() {
        ProcessBuilder builder = unbiased(new ProcessBuilder(command()));
        directory.ifPresent(place -> builder.directory(place.toFile()));
        return builder;
    }

    /** Without what the environment would say to a JVM. */
    public static ProcessBuilder unbiased(ProcessBuilder builder) {
        builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH"));
        return builder;
    }

    private List<String> command() {
        List<String> jvm = new ArrayList<>(java());
        if (ChildScenario.WithSyscalls.class.isAssignableFrom(scenario)) {
            jvm.add("--enable-native-access=ALL-UNNAMED");
        }
        boolean plain = !cached || modules.isPresent() || !SharedClasses.haveCaches();
        if (plain && Runtime.version().feature() >= 24) {
            jvm.add("--illegal-native-access=deny"); // a JVM with this option uses no cache
        }
        List<String> command = new ArrayList<>(through);
        if (plain) {
            command.addAll(jvm);
            command.addAll(classes(modules.orElseGet(Modules::readable).resolve("classes"),
                    Modules.readable().resolve("test-classes")));
        } else {
            command.addAll(SharedClasses.ofChild(jvm));
        }
        command.addAll(options);
        command.addAll(List.of(ChildMain.class.getName(), scenario.getName()));
        command.addAll(args);
        return command;
    }

    /** {@return the program and the options of every child} */
    private static List<String> java() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=nucleus.caps", "-Dnucleus.caps.log=off", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "-XX:-UsePerfData");
    }

    /** {@return the options for the library as a module, and for the tests on the class path} */
    static List<String> classes(Path library, Path tests) {
        return List.of("--module-path", library.toString(), "--add-modules", "nucleus.caps", "-cp", tests.toString());
    }
}
