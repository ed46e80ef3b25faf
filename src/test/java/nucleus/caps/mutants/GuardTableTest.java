package nucleus.caps.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Each guard has a test that fails without it. Those that need privileges are judged in privileged.GuardTableIT. */
class GuardTableTest {

    static Stream<GuardTable.Row> judgedHere() {
        return GuardTable.rows().stream().filter(row -> row.judged() && !row.privileged());
    }

    @Test
    void theTableIsTheCommittedOne() throws IOException {
        List<String> table = GuardTable.rows().stream().map(GuardTable.Row::line).toList();
        Path made = Files.write(GuardTable.BASE.resolve("target/guards.txt"), table);
        assertThat(GuardTable.committed()).as("src/test/guards.txt; where the change is meant, copy " + made
                + ", with a test that fails without the guard in place of each question mark").isEqualTo(table);
    }

    @Test
    void withoutAFaultTheJudgesPass() throws Exception {
        List<String> judges = judgedHere().map(GuardTable.Row::judge).distinct().toList();
        TestExecutionSummary summary = GuardTable.judge(GuardTable.unchanged(), judges);
        StringWriter failures = new StringWriter();
        summary.printFailuresTo(new PrintWriter(failures));
        assertThat(summary.getTotalFailureCount()).as(failures.toString()).isZero();
        assertThat(summary.getTestsSucceededCount()).isGreaterThanOrEqualTo(judges.size());
    }

    @ParameterizedTest
    @MethodSource("judgedHere")
    void isMissedWhereItIsGone(GuardTable.Row row) throws Exception {
        GuardTable.requireFailure(row);
    }
}
