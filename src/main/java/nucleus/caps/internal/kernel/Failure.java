package nucleus.caps.internal.kernel;

import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.sys.Errno;

/**
 * A call that the kernel refused on one thread.
 *
 * @param tid the thread
 * @param change the change that the call belongs to
 * @param syscall the call with its arguments
 * @param errno the error of the call
 */
public record Failure(int tid, Change change, String syscall, Errno errno) {
}
