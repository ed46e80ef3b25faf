/**
 * The rules of capabilities(7), credentials(7) and user_namespaces(7) for one thread: the possible changes, the changes that
 * the kernel refuses in a state, and the state after each change.
 *
 * <p>{@code plan} and {@code launch} use this package before anything changes. It makes no system call and reads no file:
 * equal input gives equal output.
 */
package nucleus.caps.internal.rules;
