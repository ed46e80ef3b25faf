/**
 * The rules of capabilities(7), credentials(7) and user_namespaces(7) for one thread: which changes there are, which of
 * them the kernel refuses in a state, and to which state each leads.
 *
 * <p>{@code plan} and {@code launch} compute with it before anything changes. It makes no call and reads no file: equal
 * input gives equal output.
 */
package nucleus.caps.internal.rules;
