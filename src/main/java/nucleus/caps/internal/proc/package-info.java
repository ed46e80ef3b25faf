/**
 * What /proc tells of a thread or a process, as values of the API.
 *
 * <p>{@code kernel}, {@code launch} and the readers of {@code Caps} call it. It reads files and makes no native call, so
 * that it works without native access. A file that is missing, cut off or of another process is an exception, never an
 * empty answer.
 */
package nucleus.caps.internal.proc;
