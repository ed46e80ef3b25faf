package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import org.junit.jupiter.api.Test;

/** What {@link EveryThread} tells of plans that change nothing, run on every thread of this JVM. */
class PlansTest {

    private static final Change UNKNOWN = new Change.DropBounding(CapabilitySet.ofNumber(63));
    private static final Plan NOTHING = new Plan(List.of(), false);

    private final EveryThread every = new EveryThread(new LinuxKernel().supported(), true, Duration.ofSeconds(30));

    @Test
    void reportsEveryOtherThreadOfARound() {
        RoundResult result = every.run(NOTHING, credentials -> true);

        assertThat(result.reason()).isEmpty();
        assertThat(result.failures()).isEmpty();
        assertThat(result.silent()).isEmpty();
        assertThat(result.scout()).isEmpty();
        assertThat(result.after()).extracting(ThreadStatus::tid).contains((int) ProcessHandle.current().pid())
                .startsWith(Proc.callingThread().tid()).hasSizeGreaterThan(4);
    }

    @Test
    void asksNoOtherThreadWhenTheFirstIsNotAsAsked() {
        RoundResult result = Scout.call(() -> every.run(NOTHING, credentials -> false));

        assertThat(result.scout()).hasValueSatisfying(scout -> assertThat(scout.tid()).isNotEqualTo(Proc.callingThread().tid()));
        assertThat(result.after()).isEmpty();
        assertThat(result.failures()).as("no call was refused").isEmpty();
    }

    @Test
    void namesTheCallThatIsRefusedToTheFirstThread() {
        Plan plan = new Plan(List.of(new Plan.Step(UNKNOWN, false)), false);

        RoundResult result = every.run(plan, credentials -> false);

        assertThat(result.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.tid()).isEqualTo(Proc.callingThread().tid());
            assertThat(failure.change()).isSameAs(UNKNOWN);
            assertThat(failure.syscall()).isEqualTo("prctl(PR_CAPBSET_DROP, 63)");
            assertThat(failure.errno().name()).isIn("EINVAL", "EPERM");
        });
        assertThat(result.after()).hasSize(1);
    }

    @Test
    void takesARefusalForNoFailureWhenTheThreadIsAsAsked() {
        Plan plan = new Plan(List.of(new Plan.Step(UNKNOWN, true)), false);

        RoundResult result = every.run(plan, credentials -> true);

        assertThat(result.failures()).isEmpty();
        assertThat(result.reason()).isEmpty();
        assertThat(result.after()).hasSizeGreaterThan(4);
    }

    @Test
    void turnsKeepCapsOffWhateverIsRefused() {
        Plan plan = new Plan(List.of(new Plan.Step(UNKNOWN, false)), true);

        assertThat(every.run(plan, credentials -> true).after()).hasSizeGreaterThan(4)
                .noneMatch(thread -> (thread.secureBits().orElseThrow().bits() & 0x10) != 0);
    }

    @Test
    void leavesTheScoutOut() {
        RoundResult result = Scout.call(() -> every.run(NOTHING, credentials -> true));

        assertThat(result.after()).extracting(ThreadStatus::tid).startsWith(Proc.callingThread().tid());
        assertThat(result.after()).extracting(ThreadStatus::name).doesNotContain("nucleus.caps");
    }
}
