package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.ProcessStatus;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.tool.CapsTool;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.TestIds;

/** Threads that hold other than their process, as they are listed from outside. */
@Privileged
class ProcessesIT {

    static final class RestrictsOne implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Checkpoints.onNewThread(() -> {
                Caps.thisThread().set(SetKind.EFFECTIVE, CapabilitySet.parse("kill"));
                points.at("restricted");
            });
        }
    }

    static final class DropsAll implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Caps.begin(Scope.PROCESS).drop(Identity.of(TestIds.NOBODY, TestIds.NOBODY));
            points.at("dropped");
        }
    }

    /** Runs the command here, in the process of the tests. */
    private static String caps(String... words) {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        assertThat(new CapsTool().run(writer, writer, words)).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void aThreadThatDiffersIsNamed() {
        try (ObservedChild child = ObservedChild.start(RestrictsOne.class)) {
            OutsideStatus thread = child.at("restricted");
            ProcessStatus process = Caps.process(child.process());

            assertThat(process.sets().effective().bits()).isEqualTo(child.start().effective());
            assertThat(process.differing()).extracting(ThreadStatus::tid).containsExactly((int) child.thread());
            assertThat(process.differing().getFirst().sets().effective().bits()).isEqualTo(thread.effective())
                    .isEqualTo(CapMasks.KILL);
            assertThat(Caps.processes()).contains(process);
            assertThat(caps("ps")).contains(":>-Thread-0{" + child.thread() + "} ");
            assertThat(caps("ps", "--tree").lines()).anyMatch(line -> line.contains("java(" + child.process() + ")"))
                    .anyMatch(line -> line.contains(":>-Thread-0{" + child.thread() + "} "));
        }
    }

    @Test
    void tellsThatADroppedProcessHoldsNothing() {
        try (ObservedChild child = ObservedChild.start(DropsAll.class).together()) {
            assertThat(Caps.processes()).anyMatch(process -> process.pid() == child.process());
            child.at("dropped");
            ProcessStatus process = Caps.process(child.process());

            assertThat(process.holdsCapabilities()).isFalse();
            assertThat(process.uid()).isEqualTo(TestIds.NOBODY);
            assertThat(Caps.processes()).contains(process);
            assertThat(caps("ps")).doesNotContain(" " + child.process() + " ");
            assertThat(caps("ps", "--tree")).doesNotContain("(" + child.process() + ")");
        }
    }
}
