/**
 * Child programs that hold exactly the requested capabilities. The child begins as a small program in memory and restricts
 * itself. This process compares the child with its plan. Only then does the child execute the file.
 *
 * <p>{@code Launcher} and the exec of a phase call this package. It changes no thread of this process, except that
 * {@code Exec} replaces the process.
 */
package nucleus.caps.internal.launch;
