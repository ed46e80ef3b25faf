package nucleus.caps.internal.rules;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/**
 * Why something is not possible.
 *
 * @param syscall the call that refuses it
 * @param errno how
 * @param rule why
 */
public record Refusal(String syscall, Errno errno, String rule) {

    /** Thrown while planning: nothing has been changed. Whoever performs the plan adds the threads. */
    public static final class Refused extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        private Refused(Refusal refusal) {
            super(refusal.rule(), null, false, false);
            this.refusal = refusal;
        }

        public Refusal refusal() {
            return refusal;
        }
    }

    /** The same, with more to say. */
    public Refusal and(String more) {
        return more.isEmpty() ? this : new Refusal(syscall, errno, rule + "; " + more);
    }

    /** The same, of that thread. */
    public Refusal on(int tid) {
        return new Refusal(syscall + " [thread " + tid + "]", errno, rule);
    }

    public Refused thrown() {
        return new Refused(this);
    }

    public CapsException exception(boolean changed, List<ThreadStatus> threads) {
        return new CapsException(syscall, errno.number(), errno.name(), rule, changed, threads);
    }
}
