package privileged.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import privileged.harness.Tally;

/** What came of many faults, to print. */
final class FaultTable {

    private final Tally<FaultRun.Outcome> counts = new Tally<>("path", FaultRun.Outcome.class);
    private final Map<String, Integer> messages = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int reached;

    void add(FaultPath path, Fault fault, FaultRun.Result result) {
        counts.add(path.name(), result.outcome());
        reached += result.outcome() == FaultRun.Outcome.NOT_REACHED ? 0 : 1;
        if (result.outcome().compareTo(FaultRun.Outcome.NOT_REACHED) >= 0) {
            messages.merge(result.outcome() + " " + path + ": " + fault.toString(), 1, Integer::sum);
        }
        if (result.outcome().compareTo(FaultRun.Outcome.NOT_REACHED) > 0) {
            failures.add(path + ": " + fault + ": " + result.outcome() + ": " + result.message());
        }
    }

    /** {@return how many faults were met: a fault whose call is not made proves nothing} */
    int reached() {
        return reached;
    }

    /** {@return the faults at which the promise was broken, each with what is wrong} */
    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(counts.toString());
        messages.keySet().forEach(message -> text.append("%n%s".formatted(message)));
        return text.toString();
    }
}
