/**
 * The waist of this library. {@code Kernel} is everything that a plan needs of an operating system. Its Linux implementation
 * acts on the calling thread or on every thread.
 *
 * <p>{@code plan}, {@code launch} and the phases call this package through the interface. It runs plans and reads states. It
 * does not judge whether a plan is right.
 */
package nucleus.caps.internal.kernel;
