package privileged.advice;

import static org.assertj.core.api.Assertions.assertThat;

import nucleus.caps.Advice;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** A limit that root does not feel. */
@Privileged
@SameInContainers
class ProcessLimitIT {

    /** No other process has it, so no other thread counts. */
    private static final Identity LONELY = Identity.of(65521, 65521);

    static final class Grows implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            points.say(initial.advise(LONELY).stream().filter(advice -> advice.kind() == Advice.Kind.PROCESS_LIMIT).toList());
            initial.drop(LONELY);
            points.at("dropped");
            try {
                Checkpoints.onNewThread(() -> points.say("a new thread"));
            } catch (OutOfMemoryError e) {
                points.say(e.getMessage());
            }
        }
    }

    private static ObservedChild limited(String limit) {
        return ObservedChild.of(Grows.class).option("-Xlog:disable").through("prlimit", "--nproc=" + limit).start().together();
    }

    @Test
    void noThreadCanBeCreatedAboveTheLimit() {
        try (ObservedChild child = limited("5:5000")) {
            assertThat(child.said())
                    .matches("\\[new threads and child processes cannot be created, because RLIMIT_NPROC is 5, this"
                            + " JVM has [0-9]+ threads and uid 65521 already has 0; raise the limit, .*");
            child.at("dropped");
            assertThat(child.said()).startsWith("unable to create native thread");
        }
    }

    @Test
    void threadsCanBeCreatedBelowIt() {
        try (ObservedChild child = limited("5000:5000")) {
            assertThat(child.said()).isEqualTo("[]");
            child.at("dropped");
            assertThat(child.said()).isEqualTo("a new thread");
        }
    }
}
