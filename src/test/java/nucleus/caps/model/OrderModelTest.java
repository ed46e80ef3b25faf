package nucleus.caps.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nucleus.caps.Credentials;
import nucleus.caps.Phase;
import org.junit.jupiter.api.Test;

/** Goes through every behaviour of the model. The profile model takes the full space. */
class OrderModelTest {

    private static final boolean FULL = Boolean.getBoolean("model.full");

    private final Set<Object> states = new HashSet<>();
    private final Set<Object> starts = new HashSet<>();
    private int behaviours;
    private int ended;
    private int failed;

    private Behaviour.End count(Behaviour behaviour) {
        Behaviour.End end = behaviour.run();
        behaviours++;
        ended += end.ended() ? 1 : 0;
        failed += end.failed() ? 1 : 0;
        starts.add(behaviour.starts());
        states.add(end.kernel().living().stream().map(ModelThread::now).toList());
        return end;
    }

    private void print(String what) {
        System.out.println("model, " + what + ": " + starts.size() + " starts, " + behaviours + " behaviours, of which " + ended
                + " end and " + failed + " have a step that fails; " + states.size() + " distinct last states");
    }

    @Test
    void oneThread() {
        for (Credentials start : Starts.of(FULL)) {
            for (List<Step> path : Step.paths()) {
                Behaviour behaviour = Behaviour.of(List.of(start), path);
                int calls = count(behaviour).kernel().calls();
                for (int call = 0; call < calls; call++) {
                    count(behaviour.refusing(call));
                }
            }
        }
        print("one thread");
        assertThat(ended).isPositive();
        assertThat(failed).isPositive();
    }

    /** Threads are alike but for their number: the caller, and two others in either order. */
    private static List<List<Credentials>> processes() {
        List<List<Credentials>> all = new ArrayList<>();
        List<Credentials> few = Starts.few();
        for (Credentials caller : few) {
            for (int second = 0; second < few.size(); second++) {
                for (int third = second; third < few.size(); third++) {
                    if (FULL || second == 0 && caller.equals(few.get(third)) || caller.equals(few.getFirst()) && second == 0) {
                        all.add(List.of(caller, few.get(second), few.get(third)));
                    }
                }
            }
        }
        return all;
    }

    @Test
    void threeThreads() {
        for (List<Credentials> start : processes()) {
            for (List<Step> path : Step.paths()) {
                Behaviour behaviour = Behaviour.of(start, path);
                for (Event event : Event.at(count(behaviour).kernel().points())) {
                    int calls = count(behaviour.with(event)).kernel().calls();
                    for (int call = 0; call < calls && (event == Event.NONE || FULL && Set.copyOf(start).size() == 1
                            && start.getFirst().equals(Starts.few().getFirst())); call++) {
                        count(behaviour.with(event).refusing(call));
                    }
                }
            }
        }
        print("three threads");
        assertThat(ended).isPositive();
        assertThat(failed).isPositive();
    }

    @Test
    void everyPathOfTheTypesEnds() {
        for (List<Step> path : Step.paths()) {
            boolean user = path.getFirst().method().equals("Initial.lockUnprivileged()");
            Credentials start = Starts.few().get(user ? 4 : 0);
            assertThat(Behaviour.of(List.of(start), path).run().ended()).as(path.toString()).isTrue();
        }
    }

    private static Set<String> covered() {
        Set<String> covered = new HashSet<>();
        Step.paths().forEach(path -> path.forEach(step -> covered.add(step.method())));
        return covered;
    }

    @Test
    void everyMethodOfEveryPhaseIsOnAPath() {
        Class<?>[] phases = Phase.class.getPermittedSubclasses();
        assertThat(phases).hasSize(4);
        assertThat(covered()).isEqualTo(Step.methods(phases));
    }

    /** A phase with a method that is on no path. */
    private interface Another {
        Phase.Dropped leap();
    }

    @Test
    void aMethodOnNoPathIsFound() {
        assertThat(Step.methods(Another.class)).isNotEmpty();
        assertThat(covered()).doesNotContainAnyElementsOf(Step.methods(Another.class));
    }
}
