package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A test run that leaves something out is no success. */
class TestReportsTest {

    private static final String HELD = "00000000000001c0";
    private static final PlannedTest PLAIN = new PlannedTest("a.AIT#plain", 0, false);
    private static final PlannedTest ROOT = new PlannedTest("a.AIT#root", CapMasks.SETPCAP | CapMasks.SYS_ADMIN, false);

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
        return new TestReports(List.of(planned), Long.parseLong(HELD, 16), Requirement.IO_URING::equals).faults(directory);
    }

    @Test
    void acceptsWhatPassedAndWhatCouldNotRun() throws IOException {
        report("a", 4, passed("plain(int)[1]"), skipped("plain(int)[2]", "Assumption failed: not available here: IO_URING"),
                skipped("plain(int)[3]", "not available here: JAVA_24"),
                skipped("root", "CapEff is " + HELD + ", and lacks cap_sys_admin"));
        assertThat(faults(PLAIN, ROOT)).isEmpty();
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
        assertThat(faults(PLAIN)).containsExactly("TEST-a.xml has 1 tests, and says 2");
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
        assertThat(faults(test.equals("plain") ? PLAIN : ROOT, new PlannedTest("a.AIT#other", 0, false))).singleElement()
                .asString()
                .startsWith("a.AIT#" + test + " was skipped without need: ");
    }

    @Test
    void refusesARunInWhichEverythingIsSkipped() throws IOException {
        report("a", 1, skipped("root", "CapEff is " + HELD + ", and lacks cap_sys_admin"));
        assertThat(faults(ROOT)).containsExactly("none was executed");
    }

    @Test
    void findsTestsByTheirAnnotations() {
        assertThat(PlannedTest.of(getClass())).hasSize(9).contains(
                new PlannedTest(getClass().getName() + "#findsTestsByTheirAnnotations", 0, false),
                new PlannedTest(getClass().getName() + "#refusesASkippedTestThatCouldRun", 0, false));
        assertThat(PlannedTest.of(HarnessIT.class)).allMatch(PlannedTest::elsewhere)
                .contains(new PlannedTest(HarnessIT.class.getName() + "#reportsAChildThatHangs", 0, true))
                .contains(new PlannedTest(HarnessIT.class.getName() + "#reportsAnotherThreadThatChanged", 0x1c0, true));
    }
}
