package nucleus.caps.internal.threads;

import static nucleus.caps.internal.threads.ChildJvm.that;

import java.time.Duration;
import java.util.List;
import nucleus.caps.CapsException;
import org.junit.jupiter.api.Test;

/** A process that may have no pending signals, or no further open files. */
class LimitsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int EAGAIN = 11;

    @Test
    void noRoomForASignalIsRefusedBeforeAnythingIsChanged() {
        ChildJvm.run(NoSignals.class);
    }

    static final class NoSignals implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            long before = Raw.limit(Raw.RLIMIT_SIGPENDING, 0);
            try {
                all.run(List.of(Raw.rename("changed")), PATIENCE);
                throw new AssertionError("not refused");
            } catch (CapsException e) {
                that(e.errno() == EAGAIN && !e.changed() && e.getMessage().contains("RLIMIT_SIGPENDING"), e);
            }
            that(!Raw.names().containsValue("changed"), Raw.names());
            that(Raw.action().equals(ChildJvm.found), "the action of the signal is not as before");

            Raw.limit(Raw.RLIMIT_SIGPENDING, before);
            that(all.run(List.of(Raw.rename("changed")), PATIENCE).complete(), "not possible afterwards");
            that(Raw.action().equals(ChildJvm.found), "the action of the signal is not as before");
        }
    }

    @Test
    void noRoomForASignalIsFoundOutByPrepare() {
        ChildJvm.run(NoSignalsAtAll.class);
    }

    static final class NoSignalsAtAll implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            Raw.limit(Raw.RLIMIT_SIGPENDING, 0);
            try {
                new AllThreads();
                throw new AssertionError("not refused");
            } catch (CapsException e) {
                that(e.errno() == EAGAIN && !e.changed(), e);
            }
            that(Raw.action().equals(ChildJvm.found), "the action of the signal is not as before");
        }
    }

    @Test
    void aCallerThatBlocksTheSignalIsFoundOutByPrepare() {
        ChildJvm.run(DeafCaller.class);
    }

    static final class DeafCaller implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            Raw.mask(Raw.SIG_BLOCK);
            try {
                new AllThreads();
                throw new AssertionError("not refused");
            } catch (CapsException e) {
                that(!e.changed() && e.getMessage().endsWith("the calling thread blocks signal 33"), e);
            }
        }
    }

    /** Without a file to open, no class can be loaded, and no thread be looked at before it is asked. */
    @Test
    void afterPrepareNoFileIsNeeded() {
        ChildJvm.run(NoFiles.class);
    }

    static final class NoFiles implements ChildJvm.Scenario {

        @Override
        public void run(AllThreads all) {
            List<Call> program = List.of(Raw.GETTID);
            Duration patience = PATIENCE;
            long before = Raw.limit(Raw.RLIMIT_NOFILE, 0);
            Outcome outcome = all.run(program, patience);
            Raw.limit(Raw.RLIMIT_NOFILE, before);
            that(outcome.complete() && outcome.failures().isEmpty() && outcome.answers().size() > 5, outcome);
            that(outcome.effort().recycled() == 0 && outcome.effort().signals() == outcome.answers().size(), outcome);
        }
    }
}
