package privileged;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What came of many faults, to print. */
final class FaultTable {

    private final Map<FaultPath, Map<FaultRun.Outcome, Integer>> counts = new EnumMap<>(FaultPath.class);
    private final Map<String, Integer> messages = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int reached;

    void add(FaultPath path, Fault fault, FaultRun.Result result) {
        counts.computeIfAbsent(path, key -> new EnumMap<>(FaultRun.Outcome.class))
                .merge(result.outcome(), 1, Integer::sum);
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
        StringBuilder text = new StringBuilder("%-16s%8s".formatted("path", "faults"));
        for (FaultRun.Outcome outcome : FaultRun.Outcome.values()) {
            text.append("%19s".formatted(outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        }
        counts.forEach((path, found) -> {
            text.append("%n%-16s%8d".formatted(path, found.values().stream().mapToInt(Integer::intValue).sum()));
            for (FaultRun.Outcome outcome : FaultRun.Outcome.values()) {
                text.append("%19d".formatted(found.getOrDefault(outcome, 0)));
            }
        });
        messages.keySet().forEach(message -> text.append("%n%s".formatted(message)));
        return text.toString();
    }
}
