package nucleus.caps;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The calls succeeded, and yet a thread does not hold what it should: something was left behind, or lost.
 *
 * <p>Whoever catches this must not go on as if privileges had been dropped.
 */
public final class VerificationException extends CapsException {

    private static final long serialVersionUID = 1L;

    /**
     * One aspect of one thread that is not as it should be.
     *
     * @param tid the kernel's id of the thread
     * @param thread the kernel's name of the thread
     * @param what the aspect: {@code bounding}, {@code uids}, {@code no_new_privs}, …
     * @param expected what it should be
     * @param observed what it is; for a set with more than it should hold, followed by what leaked
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
     * A verification that failed.
     *
     * @param step what was verified
     * @param differences what was wrong; at least one
     * @param changed whether something had been changed before
     * @param threads every thread in scope, as observed
     */
    public VerificationException(String step, List<Difference> differences, boolean changed,
                                 List<ThreadStatus> threads) {
        super(step, 0, "", "not verified: "
                + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")), changed, threads);
        this.differences = List.copyOf(differences);
    }

    /** {@return what was expected and what was observed, for each thread and aspect that differs} */
    public List<Difference> differences() {
        return differences == null ? List.of() : differences;
    }
}
