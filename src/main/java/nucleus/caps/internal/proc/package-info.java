/**
 * The states of threads and processes in /proc, as values of the API.
 *
 * <p>{@code kernel}, {@code launch} and the readers of {@code Caps} call this package. It reads files and makes no native
 * call, so it works without native access. A missing, truncated or foreign file is an exception, never an empty answer.
 */
package nucleus.caps.internal.proc;
