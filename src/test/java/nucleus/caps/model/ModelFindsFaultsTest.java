package nucleus.caps.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import nucleus.caps.Credentials;
import nucleus.caps.internal.rules.Plan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The model finds a broken rule, and steps of a plan in another order. */
class ModelFindsFaultsTest {

    /** Three threads with the whole of bounding permitted, and three without CAP_CHOWN permitted. */
    private static List<Credentials> lacking(boolean some) {
        Credentials start = some ? Starts.few().getLast() : Starts.few().getFirst();
        return List.of(start, start, start);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOTHING")
    void aBrokenRuleIsFound(Broken broken) {
        Set<Property> seen = new HashSet<>();
        for (List<Step> path : Step.paths()) {
            Behaviour behaviour = Behaviour.of(lacking(broken == Broken.GAIN), path).with(broken);
            for (Event event : Event.at(6)) {
                int calls = event == Event.NONE ? 40 : 0;
                for (int call = -1; call < calls && !seen.contains(broken.seen()); call++) {
                    violated(behaviour.with(event).refusing(call)).ifPresent(seen::add);
                }
            }
        }
        assertThat(seen).contains(broken.seen());
    }

    private static Optional<Property> violated(Behaviour behaviour) {
        try {
            behaviour.run();
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.of(violation.property());
        }
    }

    @Test
    void onlyTheseStepsOfAPlanMayBeExchanged() {
        Set<String> caught = new TreeSet<>();
        Set<String> harmless = new TreeSet<>();
        for (Credentials start : Starts.of(false)) {
            for (List<Step> path : start.uids().contains(0) ? Step.paths() : List.<List<Step>>of()) {
                Behaviour behaviour = Behaviour.of(List.of(start), path);
                List<Plan> plans = behaviour.run().kernel().plans();
                for (int round = 0; round < plans.size(); round++) {
                    List<Plan.Step> steps = plans.get(round).steps();
                    for (int step = 0; step < steps.size(); step++) {
                        for (int other = step + 1; other < steps.size(); other++) {
                            String pair = name(steps.get(step)) + " " + name(steps.get(other));
                            if (!caught.contains(pair)) {
                                boolean found = violated(behaviour.with(new Swap(round, step, other))).isPresent();
                                (found ? caught : harmless).add(pair);
                            }
                        }
                    }
                }
            }
        }
        harmless.removeAll(caught);
        System.out.println("model, exchanged steps: " + caught.size() + " pairs are found, " + harmless.size()
                + " have no effect");
        assertThat(harmless).containsExactlyInAnyOrder("DropBounding KeepCaps", "DropBounding LowerAmbient",
                "DropBounding SetGid", "DropBounding SetGroups", "KeepCaps SetGid", "KeepCaps SetGroups",
                "LowerAmbient CapSet", "RaiseAmbient CapSet", "SetGroups SetGid", "SetSecureBits LowerAmbient");
    }

    private static String name(Plan.Step step) {
        return step.change().getClass().getSimpleName();
    }
}
