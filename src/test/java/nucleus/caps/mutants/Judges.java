package nucleus.caps.mutants;

import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs tests until one fails: more are not needed to know that a fault is seen. */
final class Judges {

    private Judges() {
    }

    static TestExecutionSummary untilOneFails(LauncherDiscoveryRequest tests) {
        CancellationToken enough = CancellationToken.create();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(LauncherExecutionRequestBuilder.request(tests).cancellationToken(enough)
                .listeners(summary, new TestExecutionListener() {
                    @Override
                    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                            enough.cancel();
                        }
                    }
                }).build());
        return summary.getSummary();
    }
}
