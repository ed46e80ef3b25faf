package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What became of a program that every thread was to run.
 *
 * @param answers by thread, the calling one first. Where that one failed, no other was asked. Threads that have ended
 *     since can be among them
 * @param silent who was to answer and had not at the deadline; they may do so later, or never
 * @param settled whether threads stopped appearing: false where new ones came as fast as they were asked, until the
 *     deadline
 * @param effort what it took
 */
public record Outcome(Map<Integer, Answer> answers, List<Integer> silent, boolean settled, Effort effort) {

    /**
     * What a round took.
     *
     * @param listings how often the threads were listed
     * @param unclean how many listings may have missed one
     * @param signals how many were sent
     * @param refused how often the kernel had no room for a signal
     * @param ended how many threads ended before they answered
     * @param recycled how often a thread had the id of another that had answered
     * @param nanos how long it was
     */
    public record Effort(int listings, int unclean, int signals, int refused, int ended, int recycled, long nanos) {
    }

    public Outcome {
        answers = Collections.unmodifiableMap(new LinkedHashMap<>(answers));
        silent = List.copyOf(silent);
    }

    /** {@return whether every thread has answered, well or badly} */
    public boolean complete() {
        return settled && silent.isEmpty();
    }

    /** {@return the answers that tell of a failed call} */
    public List<Answer> failures() {
        List<Answer> failures = new ArrayList<>();
        for (Answer answer : answers.values()) {
            if (answer.failed()) {
                failures.add(answer);
            }
        }
        return failures;
    }
}
