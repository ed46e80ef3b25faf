package nucleus.caps.internal.kernel;

import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.sys.Errno;

/**
 * A call that the kernel refused on one thread, or that a thread did not get to make.
 *
 * @param tid the thread
 * @param change what the call was a part of
 * @param syscall the call with its arguments
 * @param errno what the kernel answered
 * @param reason why, where it was not the kernel that refused; else empty
 */
public record Failure(int tid, Change change, String syscall, Errno errno, String reason) {

    /** A refusal of the kernel. */
    public Failure(int tid, Change change, String syscall, Errno errno) {
        this(tid, change, syscall, errno, "");
    }
}
