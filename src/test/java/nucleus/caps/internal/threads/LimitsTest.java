package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

/** A process that may have no pending signals, or no further open files. */
class LimitsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EAGAIN = 11;

    private static void isRefused(AllThreads all) {
        try {
            all.run(Raw.changing(Raw.rename("changed")), PATIENCE, answer -> true);
            throw new AssertionError("not refused");
        } catch (CapsException e) {
            that(e.errno() == EAGAIN && !e.changed() && e.getMessage().contains("RLIMIT_SIGPENDING"), e);
        }
        that(!Raw.names().containsValue("changed"), Raw.names());
        that(Raw.action().equals(ChildJvm.found), "the action of the signal is not as before");
    }

    @Test
    void refusesBeforeAnyChangeWhenThereIsNoRoomForASignal() {
        ChildJvm.run(NoSignals.class);
    }

    static final class NoSignals implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            long before = Raw.limit(Raw.RLIMIT_SIGPENDING, 0);
            isRefused(all);
            isRefused(new AllThreads(new Machine(Raw.PROCESSOR)));

            Raw.limit(Raw.RLIMIT_SIGPENDING, before);
            Outcome outcome = all.run(Raw.changing(Raw.rename("changed")), PATIENCE, answer -> true);
            that(outcome.settled(), outcome);
            that(Raw.names().values().stream().allMatch("changed"::equals), Raw.names());
            that(Raw.action().equals(ChildJvm.found), "the action of the signal is not as before");
        }
    }

    /** Without a file to open, no class is loaded, and no thread that is silent is looked at. */
    @Test
    void needsNoFileOnceItIsPrepared() {
        ChildJvm.run(NoFiles.class);
    }

    static final class NoFiles implements ChildJvm.Scenario {

        private static final int ROUNDS = 20;

        @Override
        public void run(AllThreads all) {
            Program program = Raw.asking(Raw.GETTID);
            that(all.run(program, PATIENCE, answer -> true).settled(), "before");
            List<Outcome> outcomes = new ArrayList<>();
            long before = Raw.limit(Raw.RLIMIT_NOFILE, 0);
            for (int i = 0; i < ROUNDS; i++) {
                outcomes.add(all.run(program, PATIENCE, answer -> true));
            }
            Raw.limit(Raw.RLIMIT_NOFILE, before);
            for (Outcome outcome : outcomes) {
                that(outcome.settled() && outcome.living().size() > 5, outcome);
                that(outcome.effort().recycled() == 0, outcome);
            }
        }
    }
}
