/**
 * A round: every thread of the process runs one program of system calls in a signal handler, and tells its state.
 *
 * <p>{@code kernel} calls it through {@code AllThreads}. It knows nothing of capabilities: it counts a thread only if that
 * thread has answered, or was created by one that had. {@code Round} holds the proof. The handler is machine code; its
 * sources lie beside the classes.
 */
package nucleus.caps.internal.threads;
