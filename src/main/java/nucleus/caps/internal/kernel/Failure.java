package nucleus.caps.internal.kernel;

import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.sys.Errno;

/**
 * A call that the kernel refused on one thread, or that a thread could not make.
 *
 * @param tid the thread
 * @param change the change that the call belongs to
 * @param syscall the call with its arguments
 * @param errno the error of the call
 * @param reason why the thread could not make the call; empty if the kernel refused it
 */
public record Failure(int tid, Change change, String syscall, Errno errno, String reason) {

    /** A refusal of the kernel. */
    public Failure(int tid, Change change, String syscall, Errno errno) {
        this(tid, change, syscall, errno, "");
    }
}
