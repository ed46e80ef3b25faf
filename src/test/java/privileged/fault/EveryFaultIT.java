package privileged.fault;

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
 * One system call of a drop is refused, or only seems to be made: what the library says is true all the same.
 *
 * <p>A run without a fault tells which calls there are. The system property {@code faults.runs} says how many faults are
 * tried in all; {@code faults.seed} repeats the choice of an earlier build.
 */
@Privileged(also = CapMasks.FOR_FILTERS)
@SameInContainers
class EveryFaultIT {

    private static final int RUNS = Integer.getInteger("faults.runs", 32);
    private static final long SEED = Long.getLong("faults.seed", new Random().nextLong());
    private static final FaultTable TABLE = new FaultTable();

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void reportsTheTrueStateAfterEachFault(FaultPath path) throws IOException {
        Supervisor supervisor = Supervisor.compiled();
        FaultRun.Result dry = FaultRun.of(path, Fault.NONE, FaultChild.class, supervisor, directory);
        assertThat(dry.outcome()).as(dry.message()).isEqualTo(FaultRun.Outcome.SUCCEEDED);
        List<Fault> faults = FaultPlan.of(dry.report().calls(), SEED);
        System.out.println(path + ": " + dry.report().total() + " calls, " + faults.size() + " faults");
        assertThat(faults).isNotEmpty();
        FaultTable table = new FaultTable();
        for (Fault fault : faults.subList(0, Math.min(faults.size(), RUNS / FaultPath.values().length))) {
            FaultRun.Result result = FaultRun.of(path, fault, FaultChild.class, supervisor, directory);
            table.add(path, fault, result);
            TABLE.add(path, fault, result);
        }
        assertThat(table.failures()).as("with -Dfaults.seed=%d", SEED).isEmpty();
        assertThat(table.reached()).as("faults that were met").isPositive();
    }

    @Test
    void thePlanHasEachFaultOnceAndEachKindFirst() {
        List<Fault.Call> calls = List.of(new Fault.Call("scout", "prctl(23,1)", 1),
                new Fault.Call("scout", "prctl(23,2)", 1), new Fault.Call("caller", "prctl(23,1)", 1));
        List<Fault> plan = FaultPlan.of(calls, SEED);
        assertThat(plan).containsExactlyInAnyOrderElementsOf(Fault.of(calls));
        assertThat(plan.subList(0, 6).stream().map(Fault::kind)).doesNotHaveDuplicates();
    }

    /** The judge of the test above is no use unless it catches a lie. */
    @Test
    void aFalseSuccessIsSeen() throws IOException {
        FaultRun.Result result = FaultRun.of(FaultPath.PROCESS_DROP, Fault.NONE, FaultChild.Lies.class,
                Supervisor.compiled(), directory);
        assertThat(result.outcome()).as(result.message()).isEqualTo(FaultRun.Outcome.FALSE_STATEMENT);
    }

    @AfterAll
    static void report() {
        System.out.println("faults: " + RUNS + " runs, seed " + SEED + System.lineSeparator() + TABLE);
    }
}
