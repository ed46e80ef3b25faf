package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.LinuxKernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.kernel.UserDatabase;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.Processes;
import nucleus.caps.internal.session.Checks;
import nucleus.caps.internal.session.Headroom;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.sys.Platform;

/**
 * Linux capabilities for the JVM: reading them, giving them up in the right order, and checking that they are gone.
 *
 * <p>All of this state belongs to a <em>thread</em>, and a JVM has about eighteen before {@code main} runs. The name of a
 * method that reads says whose state it is: {@code thread()} of the calling thread, {@code threads()} of every thread of
 * this process, {@code process(pid)} of another process. Methods that change take a {@link Scope}.
 *
 * {@snippet class="snippets.Drops" region="steps"}
 *
 * <p>The model, the phases and what a drop does not protect from are told in {@link nucleus.caps the package}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public final class Caps {

    /** For a reading: a thread that is silent for so long is read in /proc. */
    private static final Duration READING = Duration.ofSeconds(1);

    private Caps() {
    }

    /** Loaded on first use: reading /proc needs no native call. */
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
     * @param scope which threads are to be changed
     * @return the first phase
     * @throws WrongThreadException in {@link Scope#THREAD} on a virtual thread, which has no capabilities of its own
     * @throws UnsupportedOperationException on an operating system, a processor or, in {@link Scope#PROCESS}, a C
     *     library that this library does not know
     * @throws IllegalCallerException if native access is not enabled, {@code --enable-native-access=nucleus.caps}
     * @throws CapsException if the state of the thread cannot be read
     */
    public static Phase.Initial begin(Scope scope) {
        return begin(scope, Options.DEFAULT); // without a lambda, which the JVM would link for longer than a drop takes
    }

    /**
     * Starts on the way from root to least privilege. Changes nothing, and does now what would otherwise happen late:
     * native calls are linked, classes loaded, logging is initialised.
     *
     * {@snippet class="snippets.Drops" region="options"}
     *
     * @param scope which threads are to be changed
     * @param options is given the default options, and returns those to use; it is called once, before anything else
     * @return the first phase
     * @throws WrongThreadException as {@link #begin(Scope)}
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
     * {@return a handle to change single sets of the calling thread}
     *
     * @throws WrongThreadException on a virtual thread, which has no capabilities of its own
     */
    public static ThreadCaps thisThread() {
        Headroom.require();
        OwnerThread owner = OwnerThread.toCallingThread();
        Log log = new Log(); // its thread is not to descend from one that is restricted through this handle
        ThreadCaps caps = new ThreadCaps(kernel(), owner);
        Proc.callingThread(); // which is known by its name from now on
        log.ready();
        return caps;
    }

    /**
     * {@return the calling thread: its sets, ids, groups, no_new_privs and securebits, one consistent snapshot}
     *
     * <p>Only a native call can read securebits. If native access is not enabled for this library, as
     * {@link Module#isNativeAccessEnabled()} says, or the processor is not known, then no native call is made: the state
     * comes from {@code /proc}, and the securebits are empty. No other thread is asked.
     *
     * @throws WrongThreadException on a virtual thread, which has no capabilities of its own
     * @throws CapsException if the state cannot be read, or if {@code /proc} contradicts capget(2)
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
     * {@return a thread of any process, one consistent snapshot} The securebits are empty, since only the thread itself can
     * read them. The Java name is empty.
     *
     * @param tid the kernel's id of the thread, as in {@code /proc/<pid>/task}; the id of a process is that of its main
     *     thread
     * @throws CapsException ESRCH if there is no such thread, or if it has ended and is not reaped yet; EINVAL for an id
     *     that is not positive
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
     */
    public static ThreadStatus thread(long tid) {
        return Proc.thread(tid);
    }

    /**
     * {@return every thread of this process, with its securebits where it could be asked for them}
     *
     * <p>A thread that has used this library before, and the calling thread, have their Java names.
     *
     * <p>Each thread tells its own state, and has one second for that. If that is not possible, {@code /proc} is read, and
     * the securebits are empty; that is so if a thread blocks the signal, or without native access. The securebits of
     * threads that the kernel runs for io_uring are always empty. In both ways the list holds every thread that is alive
     * when this method returns.
     *
     * <p>{@link Mode#of(List)} gives libcap's mode of them.
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
     * {@return every thread of a process that has not ended, at least one} Each is a consistent snapshot; different threads
     * are read at slightly different times. The securebits are empty, since only a thread itself can read them.
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #process}
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_task.5.html">proc_pid_task(5)</a>
     */
    public static List<ThreadStatus> threads(long pid) {
        return Processes.threads(pid);
    }

    /**
     * {@return a process: its main thread, and those of its threads that hold other sets}
     *
     * @param pid the id of the process
     * @throws CapsException ESRCH if there is no such process, if it has ended and is not reaped yet, or if the id is that
     *     of another thread than the main one; EINVAL for an id that is not positive
     * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_status.5.html">proc_pid_status(5)</a>
     */
    public static ProcessStatus process(long pid) {
        return Processes.of(pid);
    }

    /**
     * {@return every process, as far as /proc shows them, in the order of their ids} Those that hold a capability are
     * {@code processes().filter(ProcessStatus::holdsCapabilities)}.
     *
     * <p>Each is read when the stream comes to it. A process that has ended by then is left out, reaped or not.
     *
     * @throws CapsException if /proc cannot be read
     * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
     */
    public static Stream<ProcessStatus> processes() {
        return Processes.all();
    }

    /**
     * {@return every capability that the running kernel knows, those without a name here included}
     *
     * @throws CapsException if the kernel does not answer
     * @see <a href="https://man7.org/linux/man-pages/man2/PR_CAPBSET_READ.2const.html">PR_CAPBSET_READ</a>
     */
    public static CapabilitySet supported() {
        return kernel().supported();
    }

    /**
     * {@return a user of the C library's user database, with the groups that a login would give it}
     *
     * @param user the name
     * @throws CapsException if there is no such user, or the database does not answer
     * @throws IllegalArgumentException if that cannot be a name
     * @see <a href="https://man7.org/linux/man-pages/man3/getpwnam.3.html">getpwnam(3)</a>
     * @see <a href="https://man7.org/linux/man-pages/man3/getgrouplist.3.html">getgrouplist(3)</a>
     */
    public static Identity identityOf(String user) {
        Platform.require();
        return UserDatabase.lookUp(user);
    }

    /**
     * Checks every thread of this process for what a whole drop leaves: five empty sets, no_new_privs, and no uid,
     * gid or group 0. Reads, changes nothing, and needs no privilege.
     *
     * @throws VerificationException naming each thread that holds more
     * @throws CapsException if the threads cannot be read
     */
    public static void requireDropped() {
        Checks.requireDropped(threads());
    }

    /**
     * Checks that no thread of this process holds a capability with which namespaces are made or entered:
     * CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_SYS_PTRACE, effective or permitted. Reads, changes nothing, and needs no
     * privilege.
     *
     * <p>What this does not prove: that the process can make no namespace. {@code CLONE_NEWUSER} needs no capability,
     * and gives all of them inside the new user namespace, whatever the bounding set. Only seccomp, a security module
     * or {@code user.max_user_namespaces} forbids that.
     *
     * @throws VerificationException naming each thread that holds one
     * @throws CapsException if the threads cannot be read
     * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7)</a>
     */
    public static void requireNoNamespaceCaps() {
        Checks.requireNoNamespaceCaps(threads());
    }
}
