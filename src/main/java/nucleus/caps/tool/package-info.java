/**
 * The command {@code caps}: a main class and a {@link java.util.spi.ToolProvider}.
 *
 * <p>It uses the public API, the parsers of numbers and texts, and system calls that change no credentials. A
 * mistake of the user gives one line on standard error and a nonzero exit code, never a stack trace.
 *
 * <p>With {@code --json}, a command prints one JSON value in ASCII. {@code src/docs/json.md} describes its members.
 */
package nucleus.caps.tool;
