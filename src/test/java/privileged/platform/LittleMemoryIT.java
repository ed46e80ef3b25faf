package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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
import privileged.harness.Syscalls;
import privileged.harness.TestIds;

/** A caller that has hardly any memory left gets an error or a result, and spoils nothing for later callers. */
@Privileged
@SameInContainers
class LittleMemoryIT {

    private static final int PIECE = 2_000;
    private static final int MOST = 400;

    /** Fills the heap, gives back a little more each time, and tries. */
    static final class Fills implements ChildScenario.WithSyscalls {

        private List<byte[]> full;
        private boolean failed;

        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            boolean dropped = false;
            for (int given = 0; given < MOST && !dropped; given++) {
                fill(given);
                try {
                    initial.drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY));
                    dropped = true;
                } catch (OutOfMemoryError e) {
                    failed = true;
                }
                full = null;
            }
            points.say(failed ? "ran out of memory" : "never ran out of memory");
            points.say("keepcaps " + (Syscalls.securebits() & 1 << 4));
            Caps.begin(Scope.PROCESS).drop(Identity.of(TestIds.ANYBODY, TestIds.ANYBODY));
            points.at("dropped");
        }

        private void fill(int given) {
            full = new ArrayList<>(1 << 16);
            try {
                while (true) {
                    full.add(new byte[PIECE]);
                }
            } catch (OutOfMemoryError e) {
                full.subList(full.size() - given, full.size()).clear();
            }
        }
    }

    @Test
    void spoilsNothingForLaterCallers() {
        try (ObservedChild child = ObservedChild.of(Fills.class).option("-Xmx24m").start()) {
            assertThat(child.said()).isEqualTo("ran out of memory");
            assertThat(child.said()).isEqualTo("keepcaps 0");
            child.together();
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(TestIds.ANYBODY, TestIds.ANYBODY)
                    .withNoNewPrivs());
        }
    }
}
