/**
 * What the kernel and the C library offer, one to one: system calls and their numbers, errno, C strings, the attribute
 * {@code security.capability}.
 *
 * <p>Every other package of the inside calls this one. It decides nothing: it makes a call, or describes one, and
 * returns what the kernel answers. Only this package, {@code threads}, {@code kernel} and {@code launch} use
 * java.lang.foreign.
 */
package nucleus.caps.internal.sys;
