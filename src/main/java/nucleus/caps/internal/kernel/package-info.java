/**
 * The waist of this library: {@code Kernel}, everything that a plan needs of an operating system, and its
 * implementation on Linux for the calling thread and for every thread.
 *
 * <p>{@code plan}, {@code launch} and the phases call it through the interface. It runs plans and reads states. It does
 * not judge whether a plan is right.
 */
package nucleus.caps.internal.kernel;
