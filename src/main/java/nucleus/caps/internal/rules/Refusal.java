package nucleus.caps.internal.rules;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/**
 * The reason why a change is not possible.
 *
 * @param syscall the call that fails
 * @param errno the error of the call
 * @param rule the rule that forbids the change
 */
public record Refusal(String syscall, Errno errno, String rule) {

    /** Thrown while planning: nothing has changed. The code that catches it adds the threads. */
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

    /** {@return the same refusal with more text} */
    public Refusal and(String more) {
        return more.isEmpty() ? this : new Refusal(syscall, errno, rule + "; " + more);
    }

    /** {@return the same refusal, naming the thread} */
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
