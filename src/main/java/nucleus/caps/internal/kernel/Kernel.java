package nucleus.caps.internal.kernel;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Denial;

/** Everything that a plan needs of an operating system. It is the waist of this library: tests replace it with a model. */
public interface Kernel {

    /**
     * {@return the state in /proc of every thread in scope, the calling thread first; securebits may be missing}
     *
     * <p>Disturbs no thread. Draw no conclusions from the result.
     */
    List<ThreadStatus> read(Scope scope);

    /** Makes the calling thread report its state, and links all code that a step needs. Changes nothing. */
    void rehearse(Scope scope);

    /**
     * {@return the state that every thread in scope reports; the calling thread comes first} A plan starts from this state.
     *
     * @throws CapsException as {@link #observe}
     */
    List<ThreadStatus> probe(Scope scope);

    /**
     * {@return the state that every thread in scope reports, confirmed by /proc; the calling thread comes first}
     *
     * @throws CapsException if the state cannot be read, if the sources contradict each other, if a thread cannot be asked,
     *     or if something else in the process would keep its privileges
     */
    List<ThreadStatus> observe(Scope scope);

    /**
     * Runs a plan on every thread in scope. In {@link Scope#PROCESS} the calling thread goes first. If a call is refused to
     * it, no other thread is touched. The result leaves out a calling {@link Scout}, unless the other threads were not asked
     * because of its state.
     *
     * @param asked whether the credentials are an intended end of the plan
     */
    RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked);

    /** {@return whether this process is dumpable, PR_GET_DUMPABLE(2const)} */
    boolean dumpable();

    /**
     * Makes this process dumpable, PR_SET_DUMPABLE(2const), and reads the attribute back.
     *
     * @throws CapsException if the kernel refuses, or if the process is not dumpable afterwards
     */
    void makeDumpable();

    /**
     * Checks, on a thread that then ends, that every thread in scope can have the seccomp filter of a denial.
     *
     * @throws CapsException if not; nothing has changed
     */
    void rehearse(Scope scope, Denial denial);

    /**
     * Gives the seccomp filter of a denial to every thread in scope, and verifies it.
     *
     * @throws CapsException if the kernel refuses, or if a thread in scope does not have the filter afterwards
     */
    void deny(Scope scope, Denial denial);

    /** {@return the calls for a new namespace that are not refused to a thread of this process} Each thread tries them. */
    List<Difference> namespacesGranted();

    /**
     * {@return what that user may do with files, without capabilities}
     *
     * @throws CapsException EPERM without CAP_SETUID and CAP_SETGID, unless the ids are those of the calling thread
     */
    Access access(Identity user);

    /**
     * Gives trees of files to a user and its group.
     *
     * @return whether a file has a new owner or group
     * @throws CapsException if a file cannot be given away; {@link CapsException#changed()} says whether others were
     */
    boolean handOver(List<Path> trees, Identity user);

    /** {@return the same kernel, but it accepts io_uring rings, which keep the privileges of the thread that made them} */
    Kernel allowingIoUring();

    /** {@return the same kernel, with this deadline for the answers of the threads} */
    Kernel answeringWithin(Duration deadline);

    /** {@return the ids that the kernel accepts in the user namespace of this process} */
    UserNamespace userNamespace();

    /** {@return the capabilities that the kernel knows, including those without a name in this library} */
    CapabilitySet supported();
}
