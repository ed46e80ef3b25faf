/**
 * The command {@code caps}: a main class and a {@link java.util.spi.ToolProvider}.
 *
 * <p>It uses only the public API, so it can do nothing that another program cannot. A mistake of the user gives one line on
 * standard error and a nonzero exit code, never a stack trace.
 */
package nucleus.caps.tool;
