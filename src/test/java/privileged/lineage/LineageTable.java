package privileged.lineage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import privileged.harness.Tally;

/** What came of many runs, to print. */
final class LineageTable {

    private static final int SHOWN = 200;

    private final Tally<LineageRun.Outcome> counts = new Tally<>("lineage", LineageRun.Outcome.class);
    private final Map<String, Integer> messages = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();

    void add(LineageCase run, LineageRun.Result result) {
        for (String row : List.of(run.kind() + " " + run.difference(), run.kind() + " ~ all", "~ all")) {
            counts.add(row, result.outcome());
        }
        String message = result.message();
        if (!message.isEmpty()) {
            messages.merge(result.outcome() + ": " + folded(message), 1, Integer::sum);
        }
        if (result.outcome().compareTo(LineageRun.Outcome.REFUSED) > 0) {
            failures.add(run + ": " + result);
        }
    }

    /** Leaves out which threads it is about. */
    private static String folded(String message) {
        String folded = message.replaceAll("\\d+ \\(", "# (").replaceAll("thread \\d+(, \\d+)*", "thread #")
                .replaceAll("Thread-\\d+", "Thread-#").replaceAll("\\b0{16}\\b", "0");
        return folded.substring(0, Math.min(folded.length(), SHOWN));
    }

    /** {@return the runs that broke the promise, each with what is wrong} */
    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(counts.toString());
        messages.forEach((message, times) -> text.append("%n%4d x %s".formatted(times, message)));
        return text.toString();
    }
}
