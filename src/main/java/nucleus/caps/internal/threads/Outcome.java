package nucleus.caps.internal.threads;

import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;

/**
 * The outcome of a program that every thread was asked to run.
 *
 * @param begun whether the round went on to the other threads
 * @param settled whether every thread that was alive at the end of the last listing had answered before that listing
 * @param living the last answers, that of the calling thread first: of the threads in the last listing if the round is
 *     settled, else of all threads that answered
 * @param workers kernel worker threads, of io_uring or vhost, which never answer
 * @param silent threads that were asked and have not answered; one that has begun the program may still finish it. If no
 *     signal was sent, these are threads that block the signal since an earlier round
 * @param reason why the round is not settled, if silent threads are not the reason
 * @param effort the cost of the round
 */
public record Outcome(boolean begun, boolean settled, List<Answer> living, List<Integer> workers, List<Integer> silent,
                      Optional<CapsException> reason, Effort effort) {

    /**
     * The cost of a round.
     *
     * @param listings how often the threads were listed
     * @param unclean how many listings may have missed a thread
     * @param signals how many signals were sent
     * @param refused how often the kernel refused a signal
     * @param ended how many threads ended before they answered
     * @param recycled how often a new thread had the id of a thread that was already asked
     * @param nanos the duration in nanoseconds
     */
    public record Effort(int listings, int unclean, int signals, int refused, int ended, int recycled, long nanos) {
    }

    public Outcome {
        living = List.copyOf(living);
        workers = List.copyOf(workers);
        silent = List.copyOf(silent);
    }
}
