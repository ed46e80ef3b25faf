package nucleus.caps;

import java.util.List;
import java.util.stream.Collectors;

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
            return "thread " + tid + " (" + thread + ") " + what + ": expected " + expected + ", observed " + observed;
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
        super(step, 0, "", "not verified: "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")), changed, threads);
        this.differences = List.copyOf(differences);
    }

    /** {@return the expected and observed value of each aspect of each thread that differs} */
    public List<Difference> differences() {
        return differences == null ? List.of() : differences;
    }
}
