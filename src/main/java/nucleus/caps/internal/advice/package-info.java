/**
 * What will fail in a running JVM after a switch to another user. {@code Jvm} reads the JVM in /proc, this one or another one.
 * {@code JavaOptions}, {@code CodePath}, {@code Descriptor} and {@code Limit} are parts of it. {@code NewUser} answers what the
 * user may do with a file. Each other class finds one kind of trouble.
 *
 * <p>The sessions call this package before a change, and {@code Caps} calls it for other processes. It changes nothing.
 */
package nucleus.caps.internal.advice;
