/**
 * Children that hold exactly what is named. The child begins as a small program in memory, restricts itself, is compared
 * with its plan from outside, and only then executes the file.
 *
 * <p>{@code Launcher} and the exec of a phase call it. It changes nothing in a thread of this process, except in
 * {@code Exec}, which replaces the process.
 */
package nucleus.caps.internal.launch;
