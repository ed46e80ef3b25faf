package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of {@link Caps#begin(Scope, java.util.function.UnaryOperator)}. They apply to every step that follows.
 *
 * {@snippet class="snippets.Texts" region="securebits"}
 *
 * <p>Options are immutable: each method returns new options. Of two contradictory options, the later one applies. Options
 * change no thread and read none.
 */
public final class Options {

    static final Options DEFAULT = new Options();

    // A copy is changed before anybody else sees it.
    private Optional<Boolean> noNewPrivs = Optional.empty();
    private Optional<SecureBits> secureBits = Optional.empty();
    private boolean ioUring;
    private Optional<Duration> timeout = Optional.empty();
    private boolean dumpable;
    private boolean noNamespaces;
    private boolean noExec;
    private Optional<List<Path>> handOver = Optional.empty();

    private Options() {
    }

    private Options copy() {
        Options copy = new Options();
        copy.noNewPrivs = noNewPrivs;
        copy.secureBits = secureBits;
        copy.ioUring = ioUring;
        copy.timeout = timeout;
        copy.dumpable = dumpable;
        copy.noNamespaces = noNamespaces;
        copy.noExec = noExec;
        copy.handOver = handOver;
        return copy;
    }

    /**
     * {@return options with which a drop leaves no_new_privs as it is} Without this option, a drop sets it.
     *
     * <p>If no_new_privs is not set, a set-user-ID program runs with the uid of its owner, however empty the bounding set
     * is. Both {@code lockUnprivileged} steps refuse this option. The mode NOPRIV sets no_new_privs nevertheless.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">PR_SET_NO_NEW_PRIVS</a>
     */
    public Options allowNewPrivileges() {
        Options copy = copy();
        copy.noNewPrivs = Optional.of(false);
        return copy;
    }

    /**
     * {@return options with which {@code apply} and {@code enter} also set no_new_privs, as the last change} A drop sets it
     * without this option.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html">PR_SET_NO_NEW_PRIVS</a>
     */
    public Options withNoNewPrivs() {
        Options copy = copy();
        copy.noNewPrivs = Optional.of(true);
        return copy;
    }

    /**
     * {@return options with which every thread ends with exactly those securebits} Without this option, they stay as they
     * are.
     *
     * <p>The securebits are written as soon as no later change needs what they forbid, and while CAP_SETPCAP is available:
     * in the first step if nothing is kept, otherwise after the change of the identity. CAP_SETPCAP is kept across that
     * change and then dropped with the rest. If a locked bit prevents one method, another method is used if there is one.
     *
     * <p>The step that writes them throws {@link CapsException} EPERM in three cases: a bit is locked, the kernel does not
     * know a bit, or CAP_SETPCAP is missing. The message names the bit, and nothing has changed. EXEC_RESTRICT_FILE,
     * EXEC_DENY_INTERACTIVE and their locks need no privilege. {@link Phase.Initial#enter} refuses this option, because
     * a mode has its own securebits.
     *
     * @param bits all securebits: a bit that is set now and is not in {@code bits} is cleared
     * @throws IllegalArgumentException if {@code bits} contains KEEP_CAPS, which is set only while the uid changes
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_SECUREBITS.2const.html">PR_SET_SECUREBITS</a>
     */
    public Options withSecureBits(SecureBits bits) {
        if (bits.contains(SecureBit.KEEP_CAPS)) {
            throw new IllegalArgumentException(bits + ": keep_caps must be off at the end; it can be locked while it is off");
        }
        Options copy = copy();
        copy.secureBits = Optional.of(bits);
        return copy;
    }

    /**
     * {@return options that accept open io_uring rings in this process} This option has an effect only in
     * {@link Scope#PROCESS}.
     *
     * <p>Without this option, a process with an open ring is refused. A ring acts with the privileges that the thread had
     * when it created the ring or registered a personality, however little that thread holds later.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/io_uring.7.html">io_uring(7)</a>
     */
    public Options allowIoUring() {
        Options copy = copy();
        copy.ioUring = true;
        return copy;
    }

    /**
     * {@return options with that time limit for all threads to answer} This option has an effect only in
     * {@link Scope#PROCESS}. The default is 30 seconds. A step asks all threads a few times, and the limit holds each time. A
     * thread that blocks the signal of this library for ten seconds counts as one that never answers.
     *
     * <p>A thread answers when it is scheduled. On a machine with many busy threads this can take tens of seconds. If a
     * thread does not answer in time, the step throws {@link CapsException}.
     *
     * @param timeout the time limit
     * @throws IllegalArgumentException if the timeout is zero or negative
     */
    public Options withTimeout(Duration timeout) {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("a timeout must be positive, not " + timeout);
        }
        Options copy = copy();
        copy.timeout = Optional.of(timeout);
        return copy;
    }

    /**
     * {@return options with which the process is dumpable after a step that switches the identity} Without this option it is
     * not: the kernel clears the attribute when the uid or the gid of a thread changes. Root then owns
     * {@code /proc/self/io}, {@code /proc/self/fd} and similar files, a crash writes no core dump, and {@link Launcher} may
     * be unable to start its child.
     *
     * <p>The step sets the attribute after it has verified every thread, and reads it back. If that fails, the step throws
     * {@link CapsException}, and only the same step can be tried again.
     *
     * <p><b>Price.</b> Any process with the new uid and gid can attach to a dumpable JVM, subject to the Yama security module:
     * it reads the memory and controls the threads. The memory may hold secrets from the time with privileges, and every
     * io_uring ring and open descriptor of the JVM can be used. Choose an identity that no other process has.
     *
     * <p>The attribute belongs to the process. {@link Scope#THREAD} therefore refuses this option with
     * {@link IllegalStateException}: a process of the new user could control threads that still hold privileges.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html">PR_SET_DUMPABLE</a>
     * @see <a href="https://man7.org/linux/man-pages/man2/ptrace.2.html">ptrace(2)</a>
     */
    public Options withDumpable() {
        Options copy = copy();
        copy.dumpable = true;
        return copy;
    }

    /**
     * {@return options with which no thread in scope can create or enter a namespace after the last step, nor can any thread or
     * program that it creates} The last step sets no_new_privs, too. Without this option any user can create a user namespace
     * and holds every capability inside it.
     *
     * <p>The last change is a seccomp filter. It answers EPERM to setns(2), to clone(2) and unshare(2) with a flag for a new
     * namespace, and to open_tree(2), open_tree_attr(2) and fsmount(2) with such a flag. It answers ENOSYS to clone3(2), as a
     * kernel that does not have it: the C library then uses clone(2). The same calls of 32-bit and x32 programs are refused, too.
     * The filter cannot be removed. Filters that the process has already stay in force.
     *
     * <p>With {@link Scope#PROCESS}, one call gives the filter to every thread. Before anything changes, a new thread tries the
     * filter and ends. Afterwards the status of every thread in /proc is read, and the calling thread tries to create a user
     * namespace. Processes that exist already do not get the filter. The step throws {@link CapsException} if another thread has
     * a seccomp filter of its own.
     *
     * <p><b>Price.</b> Programs that use namespaces fail, for example container engines, bubblewrap and the sandbox of Chromium.
     * Each system call that the filter judges takes some tens of nanoseconds longer.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
     * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
     */
    public Options denyNamespaces() {
        Options copy = copy();
        copy.noNewPrivs = withPrivileges();
        copy.noNamespaces = true;
        return copy;
    }

    /**
     * {@return options with which no thread in scope can execute a program after the last step, nor can any thread that it
     * creates} execve(2) and execveat(2) fail with EACCES, so {@link ProcessBuilder#start} throws an {@link java.io.IOException}.
     * {@link Phase.Ended#exec(java.util.List)} is refused. The last step sets no_new_privs, too.
     *
     * <p>The filter and its limits are as for {@link #denyNamespaces()}.
     *
     * @see <a href="https://man7.org/linux/man-pages/man2/execve.2.html">execve(2)</a>
     */
    public Options denyExec() {
        Options copy = copy();
        copy.noNewPrivs = withPrivileges();
        copy.noExec = true;
        return copy;
    }

    /** The kernel wants no_new_privs before a filter. What the caller has decided stays, to be refused. */
    private Optional<Boolean> withPrivileges() {
        return Optional.of(noNewPrivs.orElse(true));
    }

    /**
     * {@return options with which a step that switches the identity first gives those trees of files to the new user and
     * group} The directory of a flight recording, the property {@code jdk.jfr.repository}, is always one of the trees. Trees
     * of several calls add up.
     *
     * <p>The step first reads every tree. It refuses a symbolic link in the path of a tree, a device, a file in another file
     * system than its tree, and a file with several hard links in a directory that another user can write. Then it changes
     * the owners. Symbolic links get a new owner and are not followed. As with chown(2), set-user-ID programs lose that bit.
     * It needs CAP_CHOWN, and CAP_DAC_READ_SEARCH for directories that root cannot read as their owner.
     *
     * <p>If a step fails after that, {@link CapsException#changed()} is true, the files belong to the new user, and the same
     * step can be tried again. {@link Scope#THREAD} refuses this option with {@link IllegalStateException}: the other
     * threads keep the old identity, and would use files that the new user can replace.
     *
     * <p><b>Price.</b> A process of the new user that can already write a directory of a tree may have moved files there.
     *
     * @param trees files or directories, with no symbolic link in their paths
     * @see <a href="https://man7.org/linux/man-pages/man2/chown.2.html">chown(2)</a>
     */
    public Options handOver(Path... trees) {
        List<Path> all = new ArrayList<>(handOver.orElse(List.of()));
        for (Path tree : trees) {
            all.add(tree.toAbsolutePath().normalize());
        }
        Options copy = copy();
        copy.handOver = Optional.of(List.copyOf(all));
        return copy;
    }

    /** {@return the trees to hand over, empty without the option} */
    List<Path> trees() {
        String repository = System.getProperty("jdk.jfr.repository");
        if (handOver.isEmpty() || repository == null) {
            return handOver.orElse(List.of());
        }
        List<Path> all = new ArrayList<>(handOver.get());
        all.add(Path.of(repository));
        return all;
    }

    boolean handsOver() {
        return handOver.isPresent();
    }

    /** {@return whether to set no_new_privs, or empty if the caller has not decided} */
    Optional<Boolean> noNewPrivs() {
        return noNewPrivs;
    }

    Optional<SecureBits> secureBits() {
        return secureBits;
    }

    boolean ioUring() {
        return ioUring;
    }

    Optional<Duration> timeout() {
        return timeout;
    }

    boolean dumpable() {
        return dumpable;
    }

    boolean deniesNamespaces() {
        return noNamespaces;
    }

    boolean deniesExec() {
        return noExec;
    }
}
