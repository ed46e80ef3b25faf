package privileged.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.CapMasks;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/**
 * Short-lived threads that differ from the others pass their difference on while another thread drops everything: no
 * success is reported while one of them is left out.
 *
 * <p>The system property {@code lineages.runs} says how many runs there are in all, and {@code lineages.seed} repeats
 * the lives of an earlier build.
 */
@Privileged(also = CapMasks.FOR_FILTERS)
@SameInContainers
class LineagesIT {

    private static final int RUNS = Integer.getInteger("lineages.runs", 20);
    private static final long SEED = Long.getLong("lineages.seed", new Random().nextLong());
    private static final LineageTable TABLE = new LineageTable();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void neverReportsSuccessWhileALineageIsPrivileged(Lineage.Kind kind) throws IOException {
        Path library = BareLineage.library();
        LineageTable table = new LineageTable();
        for (LineageCase run : LineageCase.plan(RUNS, SEED)) {
            if (run.kind() == kind) {
                LineageRun.Result result = LineageRun.of(run, LineageChild.class, library, directory);
                table.add(run, result);
                TABLE.add(run, result);
            }
        }
        assertThat(table.failures()).as("with -Dlineages.seed=%d", SEED).isEmpty();
    }

    /** The judge of the test above is no use unless it catches a lineage that was left out. */
    @ParameterizedTest
    @EnumSource
    void aLineageThatStaysPrivilegedIsSeen(Lineage.Kind kind) throws IOException {
        LineageCase run = new LineageCase(kind, Difference.GROUP, 0, Lineage.SHORTEST, SEED);
        LineageRun.Result result = LineageRun.of(run, LineageChild.Lies.class, BareLineage.library(), directory);
        assertThat(result.outcome()).isEqualTo(LineageRun.Outcome.FALSE_SUCCESS);
        assertThat(result.message()).contains("(" + LineageChild.NAME + ")", "groups [0, 4242]");
    }

    @Test
    void sixRoundsOfThePlanHaveEachCombinationOnce() {
        int differences = Difference.values().length;
        List<LineageCase> plan = LineageCase.plan(6 * differences, SEED);
        assertThat(plan.stream().map(run -> List.of(run.kind(), run.difference(), run.idle())).distinct())
                .hasSize(6 * differences);
        assertThat(plan.subList(0, differences).stream().map(LineageCase::difference))
                .containsExactly(Difference.values());
    }

    @AfterAll
    static void report() {
        System.out.println("lineages: " + RUNS + " runs, seed " + SEED + System.lineSeparator() + TABLE);
    }
}
