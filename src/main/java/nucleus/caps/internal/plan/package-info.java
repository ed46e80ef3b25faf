/**
 * From a target to a verified change. A step of a phase is a {@code Target}; one {@code Planner} knows the order of the
 * calls that lead there; {@code Transition} performs the plan on a {@code Kernel} and compares what every thread tells.
 *
 * <p>The phases call it. It knows the kernel only as the interface {@code Kernel}, which tests replace by a model, and
 * it knows no phase.
 */
package nucleus.caps.internal.plan;
