/**
 * From a target to a verified change. A {@code Target} is one step of a phase. {@code Planner} knows the order of the calls
 * that lead there. {@code Transition} performs the plan on a {@code Kernel}. {@code Verdict} judges what every thread reports.
 *
 * <p>The phases call this package. It knows the kernel only as the interface {@code Kernel}, which tests replace by a model.
 * It knows no phase.
 */
package nucleus.caps.internal.plan;
