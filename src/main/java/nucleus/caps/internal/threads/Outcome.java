package nucleus.caps.internal.threads;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;

/**
 * What became of a program that every thread was to run.
 *
 * @param begun whether any thread but the calling one was asked
 * @param settled whether every thread that was alive at the end of the last listing had answered before that listing
 * @param living the last answers of the threads in that listing, the calling one first; of all that answered, if it is not
 *     settled
 * @param workers threads in it that the kernel runs for io_uring or vhost: they never answer
 * @param silent threads that were asked and have not answered; one that had begun may still go on
 * @param reason why it is not settled, if not for threads that are silent
 * @param effort what it took
 */
public record Outcome(boolean begun, boolean settled, List<Answer> living, List<Integer> workers, List<Integer> silent,
                      Optional<CapsException> reason, Effort effort) {

    /**
     * What a round took.
     *
     * @param listings how often the threads were listed
     * @param unclean how many listings may have missed one
     * @param signals how many were sent
     * @param refused how often the kernel had no room for a signal
     * @param ended how many threads ended before they answered
     * @param recycled how often a thread had the id of another that had been asked
     * @param nanos how long it was
     */
    public record Effort(int listings, int unclean, int signals, int refused, int ended, int recycled, long nanos) {
    }

    public Outcome {
        living = List.copyOf(living);
        workers = List.copyOf(workers);
        silent = List.copyOf(silent);
    }
}
