package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.LinuxKernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.kernel.UserDatabase;
import nucleus.caps.internal.proc.JavaNames;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.Processes;
import nucleus.caps.internal.sys.Platform;

/**
 * Linux capabilities for the JVM: reading them, giving them up in the right order, and checking that they are gone.
 *
 * <p>All of this state belongs to a <em>thread</em>, and a JVM has about eighteen before {@code main} runs. Methods
 * that read say of which threads; methods that change take a {@link Scope}.
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
     * Starts on the way from root to least privilege. Changes nothing, and does now what would otherwise happen late:
     * native calls are linked, classes loaded, logging is initialised.
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
        requireNonNull(scope, "scope");
        Headroom.require();
        Confinement confinement = scope == Scope.THREAD ? Confinement.toCallingThread() : Confinement.NONE;
        Log log = new Log();
        Phase.Initial initial = Phases.begin(kernel(), scope, confinement, log);
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
        Confinement confinement = Confinement.toCallingThread();
        Log log = new Log(); // its thread is not to descend from one that is restricted through this handle
        ThreadCaps caps = new ThreadCaps(kernel(), confinement);
        Proc.callingThread(); // which is known by its name from now on
        log.ready();
        return caps;
    }

    /**
     * {@return the five sets of the calling thread, one consistent snapshot}
     *
     * <p>On a virtual thread these are the sets of its carrier of this moment.
     *
     * @throws CapsException if they cannot be read
     */
    public static CapabilitySets current() {
        return Proc.callingThread().sets();
    }

    /**
     * {@return the five sets of a thread of any process}
     *
     * @param tid the kernel's id of the thread, as in {@code /proc/<pid>/task}
     * @throws CapsException ESRCH if there is no such thread, or EINVAL for an id that is not positive
     */
    public static CapabilitySets ofThread(long tid) {
        return Proc.thread(tid).sets();
    }

    /**
     * {@return the five sets of the main thread of a process; its other threads may hold others}
     *
     * @param pid the id of the process
     * @throws CapsException ESRCH if there is no such process, also where the id is one of a thread; EINVAL for an id
     *     that is not positive
     */
    public static CapabilitySets ofProcess(long pid) {
        return Proc.process(pid).sets();
    }

    /**
     * {@return every thread of this process, with its securebits where it could be asked for them}
     *
     * <p>Those that have read or changed themselves through this library, the calling one among them, have their names
     * in Java with them.
     *
     * <p>Each thread tells its own state, and must do so within a second. If that is not possible, as with a thread that
     * blocks the signal or without native access, {@code /proc} is read, and securebits are empty; so they are for threads
     * that the kernel runs for io_uring. In neither way a thread is missing that lives when this returns.
     *
     * @throws CapsException if the threads cannot be read
     */
    public static List<ThreadStatus> threads() {
        Proc.callingThread();
        return JavaNames.named(Scout.callFromVirtual(() -> Startup.threads(Caps::asked, Proc::threads)));
    }

    private static List<ThreadStatus> asked() {
        return kernel().allowingIoUring().answeringWithin(READING).observe(Scope.PROCESS);
    }

    /**
     * {@return every thread of a process; securebits are empty, since only a thread itself can tell them}
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #ofProcess}
     */
    public static List<ThreadStatus> threads(long pid) {
        return Proc.threads(pid);
    }

    /**
     * {@return what a process is and holds: its main thread, without securebits unless it is the calling thread}
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #ofProcess}
     */
    public static ThreadStatus statusOfProcess(long pid) {
        return Proc.process(pid);
    }

    /**
     * {@return every process that holds a capability, as far as /proc shows them, in the order of their ids}
     *
     * <p>Each is read when the stream comes to it. One that has ended by then is left out, and so is one that has ended
     * and not been reaped, which can use nothing that it still shows.
     *
     * @throws CapsException if /proc cannot be read
     */
    public static Stream<ProcessStatus> processes() {
        return Processes.all().filter(ProcessStatus::holdsCapabilities);
    }

    /**
     * {@return what all threads of a process hold; empty where it has ended, and has not been reaped}
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #ofProcess}
     */
    public static Optional<ProcessStatus> process(long pid) {
        return Processes.of(pid);
    }

    /**
     * {@return what the calling thread is and holds, securebits included}
     *
     * @throws CapsException if it cannot be read
     */
    public static ThreadStatus status() {
        return JavaNames.named(kernel().observe(Scope.THREAD)).getFirst();
    }

    /**
     * {@return libcap's mode of this process: that of its threads, or UNCERTAIN where they are not in one, or one of
     * them could not be asked for its securebits}
     *
     * @throws CapsException if the threads cannot be read
     */
    public static Mode mode() {
        List<Mode> modes = threads().stream().map(Mode::of).distinct().toList();
        return modes.size() == 1 ? modes.getFirst() : Mode.UNCERTAIN;
    }

    /**
     * {@return what the calling thread hands on to programs}
     *
     * @throws CapsException if it cannot be read
     */
    public static Iab iab() {
        return Iab.of(current(), supported());
    }

    /**
     * {@return what the main thread of a process hands on to programs}
     *
     * @param pid the id of the process
     * @throws CapsException as {@link #ofProcess}
     */
    public static Iab iabOfProcess(long pid) {
        return Iab.of(ofProcess(pid), supported());
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
        Startup.requireDropped(threads());
    }

    /**
     * Checks every thread of this process for the capabilities that a namespace is made or entered with:
     * CAP_SYS_ADMIN, CAP_NET_ADMIN and CAP_SYS_PTRACE, effective or permitted.
     *
     * <p>What this does not prove: that the process can make no namespace. {@code CLONE_NEWUSER} needs no capability,
     * and gives all of them inside the new user namespace, whatever the bounding set. Only seccomp, a security module
     * or {@code user.max_user_namespaces} forbids that.
     *
     * @param production true to throw; false to log a warning instead
     * @throws VerificationException in production, naming each thread that holds one
     * @throws CapsException if the threads cannot be read
     */
    public static void verifyNoNamespaceCaps(boolean production) {
        Startup.verifyNoNamespaceCaps(threads(), production);
    }
}
