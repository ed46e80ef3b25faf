package privileged.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
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
    private static final Identity SOMEBODY = Identity.of(TestIds.ANYBODY, TestIds.ANYBODY);

    /** Fills the heap, gives back a little more each time, and tries. */
    static final class Fills implements ChildScenario.WithSyscalls {

        private List<byte[]> full;
        private boolean failed;
        private CapsException unknown;

        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.PROCESS);
            boolean dropped = false;
            for (int given = 0; given < MOST && !dropped && unknown == null; given++) {
                fill(given);
                try {
                    initial.drop(SOMEBODY);
                    dropped = true;
                } catch (OutOfMemoryError e) {
                    failed = true;
                } catch (CapsException e) {
                    unknown = e;
                }
                full = null;
            }
            if (unknown != null) {
                points.say(unknown.getMessage());
                points.threw(() -> initial.drop(SOMEBODY));
                points.say(Caps.threads().size() > 1);
                return;
            }
            points.say(failed ? "ran out of memory" : "never ran out of memory");
            points.say("keepcaps " + (Syscalls.securebits() & 1 << 4));
            Caps.begin(Scope.PROCESS).drop(SOMEBODY);
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

    /** The memory can run out after the first change. Then the result is unknown, and the phase says so from then on. */
    @Test
    void spoilsNothingForLaterCallers() {
        try (ObservedChild child = ObservedChild.of(Fills.class).withoutCache().option("-Xmx24m").start()) {
            String said = child.said();
            if (said.startsWith("drop: the result is unknown: java.lang.OutOfMemoryError")) {
                assertThat(child.threw().message()).isEqualTo(said);
                assertThat(child.said()).as("the threads can be read").isEqualTo("true");
                return;
            }
            assertThat(said).isEqualTo("ran out of memory");
            assertThat(child.said()).isEqualTo("keepcaps 0");
            child.together();
            assertThat(child.at("dropped")).isEqualTo(child.start().holdingOnly(0).as(TestIds.ANYBODY, TestIds.ANYBODY)
                    .withNoNewPrivs());
        }
    }
}
