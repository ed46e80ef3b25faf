package privileged.drop;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.drop.FlightRun.SOMEBODY;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import jdk.jfr.Recording;
import nucleus.caps.Caps;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.Modules;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** Nothing of jdk.jfr is loaded without a recording. A recording that starts late gets its event all the same. */
@Privileged
@SameInContainers
class FlightLoadingIT {

    private final FlightRun run = new FlightRun();

    /** The recording starts when the thread cannot read the class files of the library any more. */
    static final class Late implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            CountDownLatch switched = new CountDownLatch(1);
            CountDownLatch recording = new CountDownLatch(1);
            Thread thread = new Thread(() -> {
                Phase.IdentitySwitched phase = Caps.begin(Scope.THREAD).dropBoundingSet().switchIdentity(SOMEBODY);
                switched.countDown();
                try {
                    recording.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                phase.finalizeDrop();
            });
            thread.start();
            switched.await();
            new Recording().start();
            recording.countDown();
            thread.join();
            FlightRun.dump(args[0]);
        }
    }

    @Test
    void theLogThreadLoadsTheEventForARestrictedThread() throws IOException {
        try (ObservedChild child = run.child(Late.class, run.recorded.toString()).option("-Djava.io.tmpdir=" + run.directory)
                .modules(Modules.forRootOnly()).start()) {
            assertThat(child.start().uids()).containsOnly(0L);
        }
        assertThat(run.events().stream().map(FlightRun::text)).containsExactly(
                "THREAD; finalizeDrop; " + SOMEBODY + "; " + SOMEBODY + "; none; none; true; false; false; null");
    }

    @Test
    void withoutARecordingNothingOfItIsLoaded() throws IOException {
        try (ObservedChild child = run.child(FlightRun.AtOnce.class).start().together()) {
            assertThat(child.said()).isEqualTo("true");
            child.at("dropped");
        }
        isNotLoaded();
    }

    @Test
    void worksWithoutTheModule() throws IOException {
        try (ObservedChild child = run.child(FlightRun.AtOnce.class).option("--limit-modules=java.base,nucleus.caps").start()
                .together()) {
            assertThat(child.said()).isEqualTo("false");
            child.at("dropped");
        }
        isNotLoaded();
    }

    private void isNotLoaded() throws IOException {
        assertThat(run.loaded("nucleus.caps.internal.session.Flight ")).hasSize(1);
        assertThat(run.loaded(" jdk.jfr.")).isEmpty();
        assertThat(run.loaded("TransitionEvent")).isEmpty();
    }
}
