package privileged.read;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.read.StatusText.text;

import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;

/** What a phase says of the threads is what /proc shows of them. */
@Privileged
class ReadingPhasesIT {

    private static final long SOME = CapMasks.KILL | CapMasks.SETGID;

    /** What a phase says of what it reached. */
    static final class AsksThePhases implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Phase.Initial initial = Caps.begin(Scope.THREAD);
            points.say(initial.scope() + " " + text(initial.observed().getFirst()));
            Phase.BoundingDropped bounded = initial.dropBoundingSetExcept(CapabilitySet.ofMask(args[0]));
            points.say(bounded.scope() + " " + text(bounded.observed().getFirst()));
            points.at("bounded");
            Phase.IdentitySwitched switched = bounded.switchIdentity(Identity.of(1000, 1001, 4, 24));
            points.say(switched.scope() + " " + text(switched.observed().getFirst()));
            points.at("switched");
            Phase.Dropped dropped = switched.finalizeDrop();
            points.say(dropped.scope() + " " + text(dropped.observed().getFirst()));
            points.say(dropped.observed().size() + " " + dropped.observed().getFirst().tid());
            points.say(dropped.identity() + " " + text(dropped.sets()) + " " + dropped.noNewPrivs());
            points.at("dropped");
        }
    }

    @Test
    void phaseShowsWhatProcShows() {
        try (ObservedChild child = ObservedChild.start(AsksThePhases.class, CapMasks.hex(SOME))) {
            assertThat(child.said()).isEqualTo("THREAD " + child.start());
            for (String point : new String[] {"bounded", "switched"}) {
                String said = child.said();
                assertThat(said).isEqualTo("THREAD " + child.at(point));
            }
            String observed = child.said();
            String thread = child.said();
            String dropped = child.said();
            OutsideStatus end = child.at("dropped");
            assertThat(end).isEqualTo(child.start().holdingOnly(SOME).as(1000, 1001, 4L, 24L).withNoNewPrivs());
            assertThat(observed).isEqualTo("THREAD " + end);
            assertThat(thread).isEqualTo("1 " + child.thread());
            assertThat(dropped).isEqualTo("uid 1000, gid 1001, groups [4, 24] " + end.masks() + " true");
        }
    }
}
