package nucleus.caps.mutants;

import java.util.List;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs tests until one fails: more are not needed to know that a fault is seen. */
final class Judges {

    private Judges() {
    }

    /** By the classes of that loader, which the tests were selected with. */
    static TestExecutionSummary untilOneFails(ClassLoader loader, List<? extends DiscoverySelector> judges) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return untilOneFails(LauncherDiscoveryRequestBuilder.request().selectors(judges)
                    .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false").build());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private static TestExecutionSummary untilOneFails(LauncherDiscoveryRequest tests) {
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
