/**
 * Rounds: every thread of the process runs one program of system calls in a signal handler, and reports its state.
 *
 * <p>The package {@code kernel} calls {@code AllThreads}. This package knows nothing of capabilities. A thread counts only if
 * it has answered, or if a thread that had answered created it. {@code Round} holds the proof. The handler is machine code;
 * its assembler sources are in this directory.
 */
package nucleus.caps.internal.threads;
