/**
 * What a caller needs around its steps: one change at a time, the thread that owns a handle, enough stack, loaded classes,
 * a log whose thread is not restricted, and the checks at start-up.
 *
 * <p>{@code Caps}, the phases and {@code ThreadCaps} call it. It decides when a step may run, never what the step does.
 */
package nucleus.caps.internal.session;
