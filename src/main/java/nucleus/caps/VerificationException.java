package nucleus.caps;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nucleus.caps.internal.text.ThreadNames;

/**
 * Thrown if a thread does not have the expected state although the system calls succeeded: privileges remain or are lost.
 *
 * <p>After catching this exception, never continue as if privileges were dropped.
 */
public final class VerificationException extends CapsException {

    private static final long serialVersionUID = 1L;

    /**
     * One aspect of one thread that differs from the expected state.
     *
     * @param tid the kernel's id of the thread
     * @param thread the kernel's name of the thread
     * @param what the aspect: {@code bounding}, {@code uids}, {@code no_new_privs}, …
     * @param expected the expected value
     * @param observed the observed value; for a set with additional capabilities, followed by these
     */
    public record Difference(int tid, String thread, String what, String expected, String observed) {

        /** {@return the difference in one line} */
        @Override
        public String toString() {
            return "thread " + tid + " (" + thread + ") " + values();
        }

        private String values() {
            return what + ": expected " + expected + ", observed " + observed;
        }
    }

    private final transient List<Difference> differences;

    /**
     * Creates the exception.
     *
     * @param step the step that was verified
     * @param differences the differences; at least one
     * @param changed whether the step changed something
     * @param threads every thread in scope, as observed
     */
    public VerificationException(String step, List<Difference> differences, boolean changed,
                                 List<ThreadStatus> threads) {
        super(step, 0, "", "not verified: " + folded(differences), changed, threads);
        this.differences = List.copyOf(differences);
    }

    /** {@return the differences as text; threads that differ in the same way are named once} */
    private static String folded(List<Difference> differences) {
        Map<Integer, String> names = new LinkedHashMap<>();
        Map<Integer, String> found = new LinkedHashMap<>();
        for (Difference each : differences) {
            names.put(each.tid, each.thread);
            found.merge(each.tid, each.values(), (one, more) -> one + "; " + more);
        }
        Map<String, Map<Integer, String>> alike = new LinkedHashMap<>();
        found.forEach((tid, values) -> alike.computeIfAbsent(values, key -> new LinkedHashMap<>()).put(tid, names.get(tid)));
        return alike.entrySet().stream().map(same -> ThreadNames.of(same.getValue()) + " " + same.getKey())
                .collect(Collectors.joining("; "));
    }

    /** {@return the expected and observed value of each aspect of each thread that differs} */
    public List<Difference> differences() {
        return differences == null ? List.of() : differences;
    }
}
