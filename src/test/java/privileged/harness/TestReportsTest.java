package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test run that leaves something out is no success. */
class TestReportsTest {

    private static final String HELD = "00000000000001c0";
    private static final PlannedTest PLAIN = new PlannedTest("a.AIT#plain", 0, Set.of(), 0, false, false);
    private static final PlannedTest ROWS =
            new PlannedTest("a.AIT#rows", 0, Set.of(Requirement.IO_URING, Requirement.JAVA_24), 2, false, false);
    private static final PlannedTest ROOT =
            new PlannedTest("a.AIT#root", CapMasks.SETPCAP | CapMasks.SYS_ADMIN, Set.of(), 0, false, false);

    @TempDir
    private Path directory;

    private static String passed(String name) {
        return "<testcase classname='a.AIT' name='" + name + "'/>";
    }

    private static String skipped(String name, String reason) {
        return "<testcase classname='a.AIT' name='" + name + "'><skipped>" + reason + "\n\tat a.AIT</skipped></testcase>";
    }

    private Path report(String name, int tests, String... cases) throws IOException {
        return Files.writeString(directory.resolve("TEST-" + name + ".xml"), "<testsuite tests='" + tests + "'><properties>"
                + "<property name='java.specification.version' value='23'/></properties>" + String.join("\n", cases)
                + "</testsuite>");
    }

    private List<String> faults(PlannedTest... planned) throws IOException {
        return faults(Map.of(), planned);
    }

    private List<String> faults(Map<String, Integer> machine, PlannedTest... planned) throws IOException {
        return new TestReports(List.of(planned), Long.parseLong(HELD, 16), Requirement.IO_URING::equals)
                .faults(directory, machine);
    }

    @Test
    void acceptsWhatPassedAndWhatCouldNotRun() throws IOException {
        report("a", 5, passed("plain"), passed("rows(int)[1]"),
                skipped("rows(int)[2]", "Assumption failed: not available here: IO_URING"),
                skipped("rows(int)[3]", "not available here: JAVA_24"),
                skipped("root", "CapEff is " + HELD + ", and lacks cap_sys_admin"));
        assertThat(faults(PLAIN, ROWS, ROOT)).isEmpty();
        assertThat(faults(Map.of("a.AIT#plain", 1, "a.AIT#rows", 3), PLAIN, ROWS, ROOT)).isEmpty();
    }

    @Test
    void refusesASkipForAnUndeclaredRequirement() throws IOException {
        report("a", 2, passed("plain()"), skipped("root", "not available here: IO_URING"));
        assertThat(faults(PLAIN, ROOT)).containsExactly("a.AIT#root was skipped without need: not available here: IO_URING");
    }

    @Test
    void refusesFewerRowsThanDeclared() throws IOException {
        report("a", 1, passed("rows(int)[1]"));
        assertThat(faults(ROWS)).containsExactly("a.AIT#rows reports the rows [1], and declares at least 2");
    }

    @Test
    void refusesAGapBetweenRows() throws IOException {
        report("a", 2, passed("rows(int)[1]"), passed("rows(int)[3]"));
        assertThat(faults(ROWS)).containsExactly("a.AIT#rows reports the rows [1, 3], and declares at least 2");
    }

    @Test
    void refusesARowThatIsReportedTwice() throws IOException {
        report("a", 3, passed("rows(int)[1]"), passed("rows(int)[2]"), passed("rows(int)[2]"));
        assertThat(faults(ROWS)).containsExactly("a.AIT#rows reports the rows [1, 2, 2], and declares at least 2");
        report("a", 2, passed("plain"), passed("plain"));
        assertThat(faults(PLAIN)).containsExactly("a.AIT#plain reports the rows [0, 0], and declares none");
    }

    @Test
    void refusesAnotherNumberOfRowsThanOnTheMachineItself() throws IOException {
        report("a", 2, passed("rows(int)[1]"), passed("rows(int)[2]"));
        assertThat(faults(Map.of("a.AIT#rows", 3), ROWS))
                .containsExactly("a.AIT#rows reports 2 rows here, and 3 on the machine itself");
    }

    @Test
    void comparesOnlyWithReportsOfTheSameBuild() throws IOException {
        Path target = directory;
        directory = Files.createDirectories(target.resolve("failsafe-reports"));
        Path old = report("a", 1, passed("plain"));
        report("b", 2, passed("rows(int)[1]"), passed("rows(int)[2]"));
        assertThat(TestReports.rowsOfThisBuild(target)).isEmpty();

        Path built = Files.createFile(target.resolve("tests.built"));
        Files.setLastModifiedTime(old, FileTime.fromMillis(1_000));
        Files.setLastModifiedTime(built, FileTime.fromMillis(2_000));
        assertThat(TestReports.rowsOfThisBuild(target)).isEqualTo(Map.of("a.AIT#rows", 2));
    }

    @Test
    void refusesATestThatWasNotDiscovered() throws IOException {
        report("a", 1, passed("plain()"));
        assertThat(faults(PLAIN, ROOT)).containsExactly("a.AIT#root is not in the reports");
    }

    @Test
    void refusesATestThatWasNotCompiled() throws IOException {
        report("a", 2, passed("plain"), passed("stale"));
        assertThat(faults(PLAIN)).containsExactly("a.AIT#stale is no test of this kind");
    }

    @Test
    void refusesMissingReports() throws IOException {
        assertThat(faults(PLAIN)).containsExactly("a.AIT#plain is not in the reports", "none was executed");
        directory = directory.resolve("missing");
        assertThat(faults(PLAIN)).containsExactly("a.AIT#plain is not in the reports", "none was executed");
    }

    @Test
    void refusesAReportThatIsCutOff() throws IOException {
        Path report = report("a", 1, passed("plain"));
        Files.writeString(report, Files.readString(report).replace("</testsuite>", ""));
        assertThat(faults(PLAIN)).anyMatch(fault -> fault.startsWith("TEST-a.xml is no whole report: "));
        report("a", 2, passed("plain"));
        assertThat(faults(PLAIN)).containsExactly("TEST-a.xml is no whole report: it has 1 tests, and says 2",
                "a.AIT#plain is not in the reports", "none was executed");
    }

    @Test
    void refusesAFailure() throws IOException {
        report("a", 1, "<testcase classname='a.AIT' name='plain'><failure message='no'/></testcase>");
        report("b", 1, "<testcase classname='a.AIT' name='root'><error/></testcase>");
        assertThat(faults(PLAIN, ROOT)).containsExactly("a.AIT#plain failed", "a.AIT#root failed");
    }

    /** The first two name a capability that is held, the next three another state or other capabilities than the test needs. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "plain | CapEff is 00000000000001c0, and lacks cap_setpcap",
        "plain | CapEff is 00000000000001c0, and lacks cap_sys_admin",
        "root  | CapEff is 0000000000000000, and lacks cap_sys_admin",
        "root  | CapEff is 00000000000001c0, and lacks cap_setpcap",
        "root  | CapEff is 0000000000000000, and lacks cap_setpcap, cap_sys_admin", "root  | ''",
        "plain | not available here: USER_NAMESPACES", "plain | not available here: ANYTHING", "plain | because",
    })
    void refusesASkippedTestThatCouldRun(String test, String reason) throws IOException {
        report("a", 2, passed("other"), skipped(test, reason));
        assertThat(faults(test.equals("plain") ? PLAIN : ROOT, new PlannedTest("a.AIT#other", 0, Set.of(), 0, false, false)))
                .singleElement()
                .asString()
                .startsWith("a.AIT#" + test + " was skipped without need: ");
    }

    @Test
    void refusesARunInWhichEverythingIsSkipped() throws IOException {
        report("a", 1, skipped("root", "CapEff is " + HELD + ", and lacks cap_sys_admin"));
        assertThat(faults(ROOT)).containsExactly("none was executed");
    }
}
