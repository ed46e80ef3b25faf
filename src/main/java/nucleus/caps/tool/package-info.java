/**
 * The command {@code caps}: a main class and a {@link java.util.spi.ToolProvider}.
 *
 * <p>It uses the public API alone, so it can do nothing that another program cannot. A mistake of the user is one line on
 * the standard error and a status other than zero, never a stack trace.
 */
package nucleus.caps.tool;
