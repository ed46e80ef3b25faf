/**
 * The command {@code caps}: a main class and a {@link java.util.spi.ToolProvider}.
 *
 * <p>It uses only the public API and the parsers of numbers and texts, so it can do nothing that another program cannot. A
 * mistake of the user gives one line on standard error and a nonzero exit code, never a stack trace.
 *
 * <p>With {@code --json}, a command prints one JSON value in ASCII. Later versions may add members, and do not rename or
 * remove one. The name of a capability or securebit is that of capabilities(7): {@code "CAP_CHOWN"},
 * {@code "SECBIT_NOROOT_LOCKED"}. A capability without a name here is its number, and a securebit without a name is its
 * mask.
 * <ul>
 * <li>{@code show}: a thread. Its members are {@code tid}, {@code name}, {@code java_name} (null if unknown), the arrays
 *     {@code bounding}, {@code permitted}, {@code effective}, {@code inheritable} and {@code ambient},
 *     {@code no_new_privs} (a boolean), {@code uids} and {@code gids} (objects with {@code real}, {@code effective},
 *     {@code saved} and {@code filesystem}), the array {@code groups}, and the array {@code securebits} (null if unknown).
 * <li>{@code threads}: an array of threads.
 * <li>{@code ps}: an array of processes. The members are {@code pid}, {@code ppid}, {@code uid} (the effective one),
 *     {@code user} (null if the uid has no name), {@code kernel} (whether it is a thread of the kernel), {@code main} (a
 *     thread) and {@code differing} (an array of threads).
 * <li>{@code file get}: an array of the files that have capabilities. The members are {@code path}, the arrays
 *     {@code permitted} and {@code inheritable}, {@code effective} (a boolean) and {@code root_uid} (0 for none). Bytes of
 *     a path that are no text are shown as U+FFFD. What fails is written to standard error, as without {@code --json}.
 * <li>{@code decode}: an array. A mask is {@code mask} (16 hexadecimal digits) and the array {@code capabilities}. An
 *     attribute has the members of a file without {@code path}.
 * </ul>
 */
package nucleus.caps.tool;
