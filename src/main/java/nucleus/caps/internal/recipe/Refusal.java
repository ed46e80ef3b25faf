package nucleus.caps.internal.recipe;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Errno;

/**
 * Why something is not possible.
 *
 * @param syscall the call that refuses it
 * @param errno how
 * @param rule why
 */
record Refusal(String syscall, Errno errno, String rule) {

    /** The same, with what could be done instead. */
    Refusal or(String otherwise) {
        return otherwise.isEmpty() ? this : new Refusal(syscall, errno, rule + "; " + otherwise);
    }

    CapsException exception(boolean changed, List<ThreadStatus> threads) {
        return new CapsException(syscall, errno.number(), errno.name(), rule, changed, threads);
    }
}
