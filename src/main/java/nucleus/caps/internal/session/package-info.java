/**
 * The services around the steps of a caller: one change at a time, the owner of a handle, enough stack, loaded classes, a log
 * on an unrestricted thread, events of flight recordings, and the checks at start-up.
 *
 * <p>{@code Caps}, the phases and {@code ThreadCaps} call this package. It decides when a step may run, never what the step
 * does.
 */
package nucleus.caps.internal.session;
