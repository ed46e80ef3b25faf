package nucleus.caps.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The guards of what reaches every thread, each with the test that fails without it: src/test/guards.txt. Which guards
 * there are is told by the sources, by which test each is seen by the committed file.
 */
final class GuardTable {

    /** Where a child JVM finds the classes of the mutant, which it puts before the real ones. */
    private static final String MUTATED = "caps.mutated";

    static final Path BASE = Path.of(System.getProperty("caps.basedir", "."));
    private static final Path COMMITTED = BASE.resolve("src/test/guards.txt");
    private static final String INTERNAL = "nucleus/caps/internal/";
    private static final String NO_TEST = "none, ";
    private static final String NEW = "?";

    private static final List<String> GUARDED = List.of("kernel/ProcessKernel", "kernel/Callers", "threads/AllThreads",
            "threads/Round", "threads/Met", "threads/TaskStat", "threads/TaskDirectory", "threads/Told",
            "threads/Signal", "threads/Machine", "threads/Native", "threads/ControlBlock", "threads/Call", "threads/Answer",
            "threads/Outcome", "threads/Listing", "threads/Processor");

    /**
     * A guard and its test.
     *
     * @param judge {@code package.Class#method}, or why there is none
     */
    record Row(String judge, Mutant mutant) {

        String line() {
            return judge + " | " + mutant.row();
        }

        /** {@return whether its test needs privileges} */
        boolean privileged() {
            return judge.startsWith("privileged.");
        }

        boolean judged() {
            return !judge.startsWith(NO_TEST) && !judge.equals(NEW);
        }

        @Override
        public String toString() {
            return line();
        }
    }

    private GuardTable() {
    }

    static List<String> committed() throws IOException {
        return Files.readAllLines(COMMITTED);
    }

    /** Every guard that there is; a question mark where the committed table does not have it. */
    static List<Row> rows() {
        try {
            Map<String, String> judges = committed().stream().map(line -> line.split(" \\| ", 2))
                    .collect(Collectors.toMap(row -> row[1], row -> row[0], (one, other) -> one + other));
            return GUARDED.stream().flatMap(GuardTable::mutantsOf)
                    .map(mutant -> new Row(judges.getOrDefault(mutant.row(), NEW), mutant)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Mutant> mutantsOf(String name) {
        try {
            return new GuardSource(BASE.resolve("src/main/java"), INTERNAL + name + ".java").mutants().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file as it is: what fails with it, fails for another reason. */
    static Mutant unchanged() throws IOException {
        String file = INTERNAL + GUARDED.getFirst() + ".java";
        return new Mutant(file, "nothing", Files.readString(BASE.resolve("src/main/java").resolve(file)));
    }

    /** Runs tests, one after the other, with a mutant in place: in this JVM and in those that they start. */
    static TestExecutionSummary judge(Mutant mutant, List<String> judges) throws Exception {
        URL[] urls = {directory("caps.classes"), directory("caps.testClasses")};
        Path mutated = Files.createTempDirectory("nucleus-caps-mutant-");
        Files.setPosixFilePermissions(mutated, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (MutantLoader loader = new MutantLoader(mutant, urls, GuardTable.class.getClassLoader())) {
            loader.write(mutated);
            System.setProperty(MUTATED, mutated.toString());
            return Judges.untilOneFails(loader, judges.stream().map(judge -> selector(loader, judge)).toList());
        } finally {
            System.clearProperty(MUTATED);
            delete(mutated);
        }
    }

    /** The test of a guard fails without it; where it cannot be run, that is seen. */
    static void requireFailure(Row row) throws Exception {
        TestExecutionSummary summary = judge(row.mutant(), List.of(row.judge()));
        assumeTrue(summary.getTestsAbortedCount() == 0, "not to be had here: what " + row.judge() + " needs");
        assertThat(summary.getTestsFailedCount()).as("tests that fail without it").isPositive();
    }

    private static DiscoverySelector selector(ClassLoader loader, String judge) {
        String[] names = judge.split("#");
        String type = (names[0].startsWith("privileged.") ? "" : INTERNAL.replace('/', '.')) + names[0];
        try {
            Class<?> test = Class.forName(type, false, loader);
            return selectMethod(test, Arrays.stream(test.getDeclaredMethods())
                    .filter(method -> method.getName().equals(names[1])).findFirst().orElseThrow());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException("there is no test " + judge, e);
        }
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }

    private static URL directory(String property) throws MalformedURLException {
        return Path.of(System.getProperty(property)).toUri().toURL();
    }
}
