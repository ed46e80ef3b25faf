package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A thread that cannot answer in time is named, and its late answer does no harm. */
@Privileged(also = CapMasks.FOR_FILTERS)
@SameInContainers
class SilentThreadsIT {

    private static final Identity SOMEBODY = Identity.of(ANYBODY, ANYBODY);

    /** Long enough for all the others, on a machine that has much else to do. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /** A thread whose calls of prctl with that option wait, as those of one that is traced or frozen would. */
    static final class Holds implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            BlockingQueue<Long> held = new LinkedBlockingQueue<>();
            Thread.ofPlatform().name("held").daemon().start(() -> {
                held.add(SeccompFilter.hold(Syscalls.Call.PRCTL, Long.parseLong(args[0])));
                Checkpoints.forEver();
            });
            long calls = held.take();
            Phase.Initial initial = Caps.begin(Scope.PROCESS, options -> options.withTimeout(PATIENCE));
            points.threw(() -> initial.drop(SOMEBODY));
            if (args[1].equals("alike")) {
                points.at("refused");
            } else {
                points.threw(() -> initial.drop(SOMEBODY));
            }
            Thread.ofPlatform().daemon().start(() -> {
                while (true) {
                    SeccompFilter.letGo(calls);
                }
            });
            while (!dropped()) {
                Thread.sleep(10);
            }
            points.at("dropped after all");
        }

        /** Refused as long as that thread has not come out of the handler. */
        private static boolean dropped() {
            try {
                Caps.begin(Scope.PROCESS).drop(SOMEBODY);
                return true;
            } catch (CapsException e) {
                if (e.changed()) {
                    throw e;
                }
                return false;
            }
        }
    }

    @Test
    void namesASilentThreadBeforeAnythingChanges() {
        try (ObservedChild child =
                ObservedChild.start(Holds.class, Integer.toString(Syscalls.PR_GET_SECUREBITS), "alike").together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("rt_tgsigqueueinfo\\(\\): no answer within PT4S from thread [0-9]+ \\(held\\)");
            assertThat(thrown.changed()).isFalse();
            assertThat(child.at("refused")).isEqualTo(child.start());
            assertThat(child.at("dropped after all"))
                    .isEqualTo(child.start().holdingOnly(0).as(ANYBODY, ANYBODY).withNoNewPrivs());
        }
    }

    /** The last step is made by all threads but one, which is in the handler still: there every signal is blocked. */
    @Test
    void namesASilentThreadAfterTheOthersChanged() {
        try (ObservedChild child =
                ObservedChild.start(Holds.class, Integer.toString(Syscalls.PR_SET_NO_NEW_PRIVS), "torn").together()) {
            Thrown thrown = child.threw();
            assertThat(thrown.message()).matches("rt_tgsigqueueinfo\\(\\): the result is unknown: no answer within"
                    + " PT4S from thread [0-9]+ \\(held\\) \\(part of the change is already made\\)");
            assertThat(thrown.changed()).isTrue();
            assertThat(child.threw()).as("the chain has come to its end").isEqualTo(thrown);
            assertThat(child.at("dropped after all"))
                    .isEqualTo(child.start().holdingOnly(0).as(ANYBODY, ANYBODY).withNoNewPrivs());
        }
    }
}
