package nucleus.caps.internal.kernel;

/**
 * A call that the kernel refused on one thread.
 *
 * @param tid the thread
 * @param change what the call was a part of
 * @param syscall the call with its arguments
 * @param errno what the kernel answered
 */
public record Failure(int tid, Change change, String syscall, Errno errno) {
}
