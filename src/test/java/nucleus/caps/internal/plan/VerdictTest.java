package nucleus.caps.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Errno;
import org.junit.jupiter.api.Test;

/** Whether a round that failed has changed something. */
class VerdictTest {

    private static final Target DROP = Scenario.drop(Scenario.NONE);
    private static final ThreadStatus CALLER = Scenario.ROOT;
    private static final ThreadStatus OTHER = numbered(2, Scenario.SWITCHING);

    private static ThreadStatus numbered(int tid, ThreadStatus thread) {
        return new ThreadStatus(tid, thread.name(), thread.credentials());
    }

    /** The verdict on a round with one refused call, after which the threads reported this. */
    private static CapsException verdict(List<Integer> silent, ThreadStatus... after) {
        Change change = new Change.NoNewPrivs();
        RoundResult result = new RoundResult(List.of(after), Optional.empty(),
                List.of(new Failure(OTHER.tid(), change, change.syscall(), Errno.EPERM)), silent, Optional.empty());
        Plan plan = Planner.plan(new Rules(UserNamespace.INITIAL), DROP, List.of(CALLER));
        Verdict verdict = new Verdict(Scope.PROCESS, DROP, new Rules(UserNamespace.INITIAL), List.of(CALLER, OTHER), plan, result,
                false);
        return catchThrowableOfType(CapsException.class, () -> verdict.require(Set.of()));
    }

    @Test
    void threadsAsBeforeHaveNotChanged() {
        assertThat(verdict(List.of(), CALLER, OTHER).changed()).isFalse();
    }

    @Test
    void aThreadThatNowEqualsAnotherHasChanged() {
        assertThat(verdict(List.of(), numbered(CALLER.tid(), OTHER), OTHER).changed()).isTrue();
    }

    @Test
    void aNewThreadLikeAnOldOneIsNoChange() {
        assertThat(verdict(List.of(), CALLER, OTHER, numbered(3, OTHER)).changed()).isFalse();
    }

    @Test
    void aNewThreadUnlikeTheOldOnesIsAChange() {
        ThreadStatus unlike = Scenario.with(OTHER, SetKind.EFFECTIVE, Scenario.NONE);
        assertThat(verdict(List.of(), CALLER, OTHER, numbered(3, unlike)).changed()).isTrue();
    }

    @Test
    void aThreadThatDidNotReportCountsAsChanged() {
        assertThat(verdict(List.of(OTHER.tid()), CALLER).changed()).isTrue();
    }
}
