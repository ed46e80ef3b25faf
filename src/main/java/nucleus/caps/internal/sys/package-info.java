/**
 * Direct access to the kernel and the C library: system calls and their numbers, errno, C strings, and the attribute
 * {@code security.capability}.
 *
 * <p>The other internal packages call this package. It decides nothing: it makes or describes a call, and returns the
 * result of the kernel. Only this package, {@code threads}, {@code kernel} and {@code launch} use java.lang.foreign.
 */
package nucleus.caps.internal.sys;
