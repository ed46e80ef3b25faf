package nucleus.caps.mutants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import nucleus.caps.Concurrently;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Every fault in the table makes a test of the recipes fail. The table, src/test/mutants.txt, is committed, so that a
 * step, a check or a guard that comes or goes is seen in a review.
 */
class MutantTableTest {

    private static final Path BASE = Path.of(System.getProperty("caps.basedir", "."));
    private static final String API = "nucleus/caps/";
    private static final String RECIPES = API + "internal/recipe/";

    private static final List<String> MUTATED = List.of(RECIPES + "DropBounding", RECIPES + "SwitchIdentity",
            RECIPES + "Finish", RECIPES + "ApplySets", RECIPES + "LockUnprivileged", RECIPES + "ApplyIab",
            RECIPES + "EnterMode", RECIPES + "ChangeSet",
            RECIPES + "ChangeSecureBits", RECIPES + "SetNoNewPrivs", RECIPES + "Securing", RECIPES + "Rules",
            RECIPES + "Against", RECIPES + "Wish", RECIPES + "Plan", RECIPES + "Verifier", RECIPES + "Transition",
            RECIPES + "Unmet", API + "Phases", API + "ThreadCaps", API + "Startup", API + "Confinement", API + "Chain",
            API + "Host");

    private static final List<String> RECIPE_JUDGES = List.of(RECIPES + "FaultTableTest", RECIPES + "LyingKernelTest",
            RECIPES + "KeepCapsTest", RECIPES + "UnseenIdTest", RECIPES + "RefusedBeforeAnythingChangedTest",
            RECIPES + "ProcessTest");

    private static final List<String> API_JUDGES = List.of(API + "PhaseUseTest", API + "PhaseHalfwayTest",
            API + "PhaseDriftTest", API + "PhaseThreadsTest", API + "StartupTest", API + "ProcessChainTest");

    private static Map<Mutant, Future<TestExecutionSummary>> judged;

    /** Faults have classes of their own. */
    @BeforeAll
    static void judge() {
        judged = Concurrently.done(mutants(), MutantTableTest::judge);
    }

    static List<Mutant> mutants() {
        return MUTATED.stream().flatMap(name -> mutantsOf(name + ".java")).toList();
    }

    private static List<String> judges(Mutant mutant) {
        return mutant.file().startsWith(RECIPES) ? RECIPE_JUDGES : API_JUDGES;
    }

    private static Stream<Mutant> mutantsOf(String file) {
        try {
            return new MutantSource(BASE.resolve("src/main/java"), file).mutants().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void theTableIsTheCommittedOne() throws IOException {
        String table = String.join("\n", mutants().stream().map(Mutant::row).toList());
        Path made = BASE.resolve("target/mutants.txt");
        Files.writeString(made, table + "\n");
        assertThat(table).as("src/test/mutants.txt; where the change is meant, copy " + made).isEqualTo(
                Files.readString(BASE.resolve("src/test/mutants.txt")).stripTrailing());
    }

    @Test
    void withoutAFaultTheJudgesPass() throws Exception {
        String file = RECIPES + "Finish.java";
        Mutant none = new Mutant(file, "nothing", Files.readString(BASE.resolve("src/main/java").resolve(file)));
        TestExecutionSummary summary = judge(none);
        assertThat(summary.getTotalFailureCount()).isZero();
        assertThat(summary.getTestsSucceededCount()).isGreaterThan(100);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isKilled(Mutant mutant) throws Exception {
        assertThat(judged.get(mutant).get().getTotalFailureCount()).as("tests that fail").isPositive();
    }

    private static TestExecutionSummary judge(Mutant mutant) throws Exception {
        URL[] urls = {directory("caps.classes"), directory("caps.testClasses")};
        ClassLoader parent = MutantTableTest.class.getClassLoader();
        try (MutantLoader loader = new MutantLoader(mutant, urls, parent)) {
            return Judges.untilOneFails(loader, judges(mutant).stream()
                    .map(name -> selectClass(loader, name.replace('/', '.'))).toList());
        }
    }

    private static URL directory(String property) throws MalformedURLException {
        return Path.of(System.getProperty(property)).toUri().toURL();
    }
}
