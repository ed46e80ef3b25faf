package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;
import privileged.harness.Syscalls;
import privileged.harness.TestIds;

/** A caller that has hardly any stack left gets an error or a result, and spoils nothing for later callers. */
@Privileged
@SameInContainers
class LittleStackIT {

    private static final int STEP = 3;
    private static final long KEEP_CAPS = 1 << 4;
    private static final int SIGNAL = 33;

    /** Calls at every depth from which the stack overflows within some thousand frames, the deepest first. */
    static final class Overflows implements ChildScenario.WithSyscalls {

        private Runnable call;
        private int overflows;
        private boolean through;

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Scope scope = Scope.valueOf(args[0]);
            long handler = handler();
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            call = scope == Scope.PROCESS ? () -> initial.drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY))
                    : () -> Caps.begin(Scope.PROCESS);
            Thread thread = new Thread(null, () -> descend(0), "deep", 1 << 18);
            thread.start();
            thread.join();
            points.say(overflows > 0 ? "overflowed" : "never overflowed");
            points.say(handler() == handler ? "handler as before" : "another handler");
            points.say("keepcaps " + (Syscalls.securebits() & KEEP_CAPS));
            Caps.begin(Scope.PROCESS).drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY));
            points.at("dropped");
        }

        /** {@return where a signal of a round goes} */
        private static long handler() {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment action = arena.allocate(32, 8);
                Syscalls.call(Syscalls.Call.RT_SIGACTION, SIGNAL, 0, action.address(), 8);
                return action.get(ValueLayout.JAVA_LONG, 0);
            }
        }

        /** The frames above the overflow try in turn, so each has a little more stack than the one before. */
        private void descend(int depth) {
            try {
                descend(depth + 1);
            } catch (StackOverflowError e) {
                if (depth % STEP == 0) {
                    attempt();
                }
                if (!through) {
                    throw e;
                }
            }
        }

        private void attempt() {
            try {
                call.run();
                through = true; // the way up is free
            } catch (StackOverflowError e) {
                overflows++;
            } catch (IllegalStateException e) {
                // the phase is spent by a call that overflowed
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void spoilsNothingForLaterCallers(Scope scope) {
        try (ObservedChild child = ObservedChild.of(Overflows.class, scope.name()).withoutCache().start()) {
            assertThat(child.said()).isEqualTo("overflowed");
            assertThat(child.said()).isEqualTo("handler as before");
            assertThat(child.said()).isEqualTo("keepcaps 0");
            child.together();
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(TestIds.ANYBODY, TestIds.ANYBODY)
                    .withNoNewPrivs());
        }
    }
}
