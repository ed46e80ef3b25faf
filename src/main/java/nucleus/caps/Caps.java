package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.internal.advice.Findings;
import nucleus.caps.internal.advice.Jvm;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.LinuxKernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.kernel.UserDatabase;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.Processes;
import nucleus.caps.internal.session.Checks;
import nucleus.caps.internal.session.Halt;
import nucleus.caps.internal.session.Headroom;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.sys.ChangeLock;
import nucleus.caps.internal.sys.Platform;

/**
 * Reads Linux capabilities, drops them in the right order, and verifies that they are gone.
 *
 * <p>All of this state belongs to a <em>thread</em>. A JVM has about eighteen threads before {@code main} runs.
 * {@code thread()} reads the calling thread, {@code threads()} reads every thread of this process, and
 * {@code process(pid)} reads another process. {@code begin} takes the {@link Scope} of a change.
 *
 * {@snippet class="snippets.Drops" region="steps"}
 *
 * <p>{@link nucleus.caps The package} explains the model, the phases and the limits of a drop.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public final class Caps {

    /** A thread that does not answer a reading within this time is read in /proc. */
    private static final Duration READING = Duration.ofSeconds(1);

    private Caps() {
    }

    /** Loaded on first use, because reading /proc needs no native call. */
    private static final class Linux {
        static final Kernel KERNEL = new LinuxKernel();
    }

    static Kernel kernel() {
        Platform.require();
        return Linux.KERNEL;
    }

    /**
     * {@link #begin(Scope, UnaryOperator)} with the default options.
     *
     * @param scope which threads to change
     * @return the first phase
     * @throws WrongThreadException in {@link Scope#THREAD} on a virtual thread, which has no capabilities of its own
     * @throws UnsupportedOperationException if this library does not support the operating system, the processor or, in
     *     {@link Scope#PROCESS}, the C library
     * @throws IllegalCallerException if native access is not enabled, {@code --enable-native-access=nucleus.caps}
     * @throws CapsException if the state of the thread cannot be read
     */
    public static Phase.Initial begin(Scope scope) {
        return begin(scope, Options.DEFAULT); // no lambda: linking one takes the JVM longer than a drop
    }

    /**
     * Begins the path from root to least privilege, and changes no thread. This method links native calls and loads
     * classes, so that no later step does. The first step initialises logging before it changes anything.
     *
     * {@snippet class="snippets.Drops" region="options"}
     *
     * @param scope which threads to change
     * @param options takes the default options and returns the options to use; called once, before anything else
     * @return the first phase
     * @throws WrongThreadException as {@link #begin(Scope)}
     * @throws IllegalStateException for {@link Options#withDumpable()} in {@link Scope#THREAD}; or for
     *     {@link Options#allowNewPrivileges()} with {@link Options#denyNamespaces()} or {@link Options#denyExec()}
     * @throws UnsupportedOperationException as {@link #begin(Scope)}
     * @throws IllegalCallerException as {@link #begin(Scope)}
     * @throws CapsException as {@link #begin(Scope)}
     */
    public static Phase.Initial begin(Scope scope, UnaryOperator<Options> options) {
        requireNonNull(scope, "scope");
        return begin(scope, requireNonNull(options.apply(Options.DEFAULT), "the options to use"));
    }

    private static Phase.Initial begin(Scope scope, Options options) {
        requireNonNull(scope, "scope");
        Headroom.require();
        OwnerThread owner = scope == Scope.THREAD ? OwnerThread.toCallingThread() : OwnerThread.NONE;
        Log log = new Log();
        Phase.Initial initial = Phases.begin(kernel(), scope, owner, options);
        log.ready();
        return initial;
    }

    /**
     * Drops, or ends this JVM: for a server that must not run with more than it should. If the drop throws anything, one line
     * on standard error says why, and the JVM ends with status 77, EX_NOPERM of sysexits(3).
     *
     * {@snippet class="snippets.Drops" region="exit"}
     *
     * <p>The JVM is halted. Shutdown hooks do not run, because they would run with the privileges that could not be dropped,
     * and one that hangs would keep the process alive with them.
     *
     * @param <E> the last phase
     * @param drop the whole drop, with the lookup of the user in it
     * @return what the drop returned
     * @see Runtime#halt
     */
    public static <E extends Phase.Ended> E dropOrExit(Supplier<E> drop) {
        try {
            return requireNonNull(drop.get(), "the last phase");
        } catch (Throwable e) {
            throw Halt.because(e);
        }
    }

    /**
     * {@return a handle that changes single sets of the calling thread}
     *
     * @throws WrongThreadException on a virtual thread, which has no capabilities of its own
     */
    public static ThreadCaps thisThread() {
        Headroom.require();
        OwnerThread owner = OwnerThread.toCallingThread();
        Log log = new Log(); // creates its thread before this handle can restrict the calling thread
        ThreadCaps caps = new ThreadCaps(kernel(), owner);
        Proc.callingThread(); // records the Java name of the thread
        log.ready();
        return caps;
    }

    /**
     * {@return the calling thread: its sets, ids, groups, no_new_privs and securebits, one consistent snapshot}
     *
     * <p>Only a native call can read securebits. If {@link Module#isNativeAccessEnabled()} is false for this library, or
     * if the processor is not supported, this method makes no native call: the state comes from {@code /proc}, and the
     * securebits are empty. No other thread is signalled.
     *
     * @throws WrongThreadException on a virtual thread, which has no capabilities of its own
     * @throws CapsException if the state cannot be read, or if {@code /proc} contradicts what the thread reports
     * @see <a href="https://man7.org/linux/man-pages/man2/capget.2.html">capget(2)</a>
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
     */
    public static ThreadStatus thread() {
        OwnerThread.requirePlatformThread();
        return JavaNames.named(List.of(self())).getFirst();
    }

    private static ThreadStatus self() {
        if (!Caps.class.getModule().isNativeAccessEnabled()) {
            return Proc.callingThread();
        }
        try {
            return kernel().observe(Scope.THREAD).getFirst();
        } catch (UnsupportedOperationException e) {
            return Proc.callingThread();
        }
    }

    /**
     * {@return a thread of any process, one consistent snapshot} The securebits are empty, because only the thread itself
     * can read them. The Java name is empty.
     *
     * @param tid the kernel's id of the thread, as in {@code /proc/<pid>/task}; the main thread has the id of its process
     * @throws CapsException ESRCH if there is no such thread, or if it has ended but is not reaped yet; EPERM or ENOENT if
     *     it exists and /proc hides it by its mount option hidepid; EINVAL if the id is not positive
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
     */
    public static ThreadStatus thread(long tid) {
        return Proc.thread(tid);
    }

    /**
     * {@return every thread of this process, with securebits for the threads that can report them}
     *
     * <p>The calling thread and threads that have used this library before have their Java names.
     *
     * <p>Each thread reports its own state within one second. If this is not possible, {@code /proc} is read, and the
     * securebits are empty. Examples are a thread that blocks the signal, and missing native access. The securebits of
     * threads that the kernel runs for io_uring are always empty. In all cases the list holds every thread that is alive
     * at one moment during the call.
     *
     * <p>{@link Mode#of(List)} computes libcap's mode of the list.
     *
     * @throws CapsException if the threads cannot be read
     * @see <a href="https://man7.org/linux/man-pages/man7/signal.7.html">signal(7)</a>
     */
    public static List<ThreadStatus> threads() {
        Proc.callingThread();
        return JavaNames.named(Scout.callFromVirtual(() -> Checks.threads(Caps::asked, Proc::threads)));
    }

    private static List<ThreadStatus> asked() {
        return kernel().allowingIoUring().answeringWithin(READING).observe(Scope.PROCESS);
    }

    /**
     * {@return every thread of a process that has not ended, at least one} Each thread's state is a consistent snapshot;
     * different threads are read at slightly different times. The securebits are empty, because only a thread itself can
     * read them.
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #process}
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_task.5.html">proc_pid_task(5)</a>
     */
    public static List<ThreadStatus> threads(long pid) {
        return Processes.threads(pid);
    }

    /**
     * {@return a process: its main thread, and its threads whose sets differ from those of the main thread}
     *
     * @param pid the id of the process
     * @throws CapsException ESRCH if there is no such process, if it has ended but is not reaped yet, or if the id belongs
     *     to a thread that is not a main thread; EPERM or ENOENT if it exists and /proc hides it by its mount option hidepid,
     *     which only a native call can tell for ENOENT; EINVAL if the id is not positive
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
     */
    public static ProcessStatus process(long pid) {
        return Processes.of(pid);
    }

    /**
     * {@return every process that /proc shows, by ascending id} To select the processes that hold a capability, use
     * {@code processes().filter(ProcessStatus::holdsCapabilities)}.
     *
     * <p>A process is read when the stream reaches it. A process that has ended by then is omitted, reaped or not. So is a
     * process that /proc hides from this process by its mount option hidepid.
     *
     * @throws CapsException if /proc cannot be read
     * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
     */
    public static Stream<ProcessStatus> processes() {
        return Processes.all();
    }

    /**
     * {@return every capability that the running kernel knows, including those without a {@link Capability} constant}
     *
     * @throws CapsException if the kernel does not answer
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_CAPBSET_READ.2const.html">PR_CAPBSET_READ</a>
     */
    public static CapabilitySet supported() {
        return kernel().supported();
    }

    /**
     * {@return a user from the C library's user database, with the groups that a login gives it}
     *
     * @param user the user name
     * @throws CapsException if there is no such user, or the database does not answer
     * @throws IllegalArgumentException if the text is not a valid name
     * @see <a href="https://man7.org/linux/man-pages/man3/getpwnam.3.html">getpwnam(3)</a>
     * @see <a href="https://man7.org/linux/man-pages/man3/getgrouplist.3.html">getgrouplist(3)</a>
     */
    public static Identity identityOf(String user) {
        Platform.require();
        return UserDatabase.lookUp(user);
    }

    /**
     * {@return the gid of a group, from the C library's group database}
     *
     * @param group the group name
     * @throws CapsException if there is no such group, or the database does not answer
     * @throws IllegalArgumentException if the text is not a valid name
     * @see <a href="https://man7.org/linux/man-pages/man3/getgrnam.3.html">getgrnam(3)</a>
     */
    public static long gidOf(String group) {
        Platform.require();
        return UserDatabase.lookUpGroup(group);
    }

    /**
     * {@return the variables that a login of that user sets: HOME, SHELL, USER, LOGNAME and PATH} Pass them to
     * {@link Phase.Ended#exec(java.util.List, java.util.Map)} after a switch of the identity. The environment of this process
     * still has those of the previous user.
     *
     * @param uid the user id
     * @throws CapsException if there is no such user, or the database does not answer
     * @see <a href="https://man7.org/linux/man-pages/man5/passwd.5.html">passwd(5)</a>
     * @see <a href="https://man7.org/linux/man-pages/man1/setpriv.1.html">setpriv(1), --reset-env</a>
     */
    public static Map<String, String> environmentOf(long uid) {
        Platform.require();
        return UserDatabase.environment(Identity.of(uid, uid).uid());
    }

    /**
     * {@return the name of a user, from the C library's user database, or empty if no user has that uid}
     *
     * @param uid the user id
     * @throws CapsException if the database does not answer
     * @throws IllegalArgumentException if the number is not a valid uid
     * @see <a href="https://man7.org/linux/man-pages/man3/getpwnam.3.html">getpwuid(3)</a>
     */
    public static Optional<String> userName(long uid) {
        Platform.require();
        return UserDatabase.nameOf(Identity.of(uid, uid).uid());
    }

    /**
     * {@return what will fail in another JVM after a switch to that identity, the worst first} Changes nothing. The result
     * holds what {@link Phase.Initial#advise} would find there, as far as {@code /proc} shows it: the class path and the module
     * path are those in the options of java, without the files that {@code @FILE} names and without {@code Class-Path} lines of
     * jars.
     *
     * @param pid the id of the process
     * @param identity the new identity
     * @throws CapsException ESRCH if there is no such process; EACCES if this process may not look at it; EPERM if this process
     *     cannot switch to the identity; without an errno if it is no JVM, or if it sees other files than this process
     * @see <a href="https://man7.org/linux/man-pages/man2/access.2.html">access(2)</a>
     */
    public static List<Advice> advise(long pid, Identity identity) {
        synchronized (ChangeLock.LOCK) { // a helper thread becomes the other user, and a drop must not meet it
            return Findings.of(Jvm.of(Proc.process(pid).tid()), identity, List.of(), Scope.PROCESS, kernel());
        }
    }

    /**
     * Checks that every thread of this process is as after a whole drop: five empty sets, no_new_privs set, and no uid,
     * gid or group 0. This check only reads. It needs no privilege.
     *
     * @throws VerificationException if a thread holds more; the message names each such thread
     * @throws CapsException if the threads cannot be read
     */
    public static void requireDropped() {
        requireDropped(CapabilitySet.NONE);
    }

    /**
     * As {@link #requireDropped()}, but bounding, permitted and effective may hold some capabilities, as after
     * {@link Phase.Initial#dropExcept(CapabilitySet, Identity)}. A thread that holds fewer passes.
     *
     * @param keep the capabilities that a thread may hold
     * @throws VerificationException if a thread holds more; the message names each such thread
     * @throws CapsException if the threads cannot be read
     */
    public static void requireDropped(CapabilitySet keep) {
        Checks.requireDropped(requireNonNull(keep, "keep"), threads());
    }

    /**
     * Checks that no thread of this process holds a capability for creating or entering namespaces: CAP_SYS_ADMIN,
     * CAP_NET_ADMIN or CAP_SYS_PTRACE, effective or permitted. This check only reads. It needs no privilege.
     *
     * <p>This check does not prove that the process cannot create a namespace. {@code CLONE_NEWUSER} needs no capability,
     * and grants all capabilities inside the new user namespace, whatever the bounding set. Only seccomp, a security module
     * or {@code user.max_user_namespaces} forbids it. {@link #requireNoNamespaces()} checks that.
     *
     * @throws VerificationException if a thread holds one of them; the message names each such thread
     * @throws CapsException if the threads cannot be read
     * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
     */
    public static void requireNoNamespaceCaps() {
        Checks.requireNoNamespaceCaps(threads());
    }

    /**
     * Checks that no thread of this process can create or enter a namespace, as after {@link Options#denyNamespaces()}.
     *
     * <p>This check proves two things. No thread holds a capability for namespaces, as in {@link #requireNoNamespaceCaps()}.
     * And each thread was refused a user namespace, which needs no capability. It made four calls for itself: unshare(2),
     * clone(2), clone3(2) and setns(2). Without a filter they fail with another error and change nothing. EPERM of unshare(2)
     * can also come from a sysctl of the distribution that forbids user namespaces.
     *
     * <p>This check does not try other kinds of namespaces, which need CAP_SYS_ADMIN. It proves nothing about child processes
     * that run already.
     *
     * <p>Each thread gets a signal. A thread that blocks it cannot be asked, and {@code /proc} cannot answer for it. If another
     * seccomp filter ends a process for one of these calls, this process ends.
     *
     * @throws VerificationException if a thread holds such a capability, or is not refused a call; the message names each such
     *     thread
     * @throws CapsException if a thread cannot be asked
     * @throws UnsupportedOperationException as {@link #begin(Scope)}
     * @throws IllegalCallerException as {@link #begin(Scope)}
     * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
     * @see <a href="https://man7.org/linux/man-pages/man7/namespaces.7.html">namespaces(7)</a>
     */
    public static void requireNoNamespaces() {
        requireNoNamespaceCaps();
        Checks.requireNoNamespaces(Scout.callFromVirtual(() -> kernel().namespacesGranted()));
    }
}
