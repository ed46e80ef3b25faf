package privileged.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The order in which faults are tried: a part of the plan has as many kinds of faults as it has room for. */
final class FaultPlan {

    private FaultPlan() {
    }

    /** {@return all faults of these calls} First comes one of each kind, then a second one of each, and so on. */
    static List<Fault> of(List<Fault.Call> calls, long seed) {
        List<Fault> faults = new ArrayList<>(Fault.of(calls));
        Collections.shuffle(faults, new Random(seed));
        Map<String, Integer> met = new HashMap<>();
        Map<Fault, Integer> places = new LinkedHashMap<>();
        for (Fault fault : faults) {
            places.put(fault, met.merge(fault.kind(), 1, Integer::sum));
        }
        faults.sort(Comparator.comparing(places::get));
        return faults;
    }
}
