package nucleus.caps.internal.kernel;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.UserNamespace;

/** All that the recipes need of an operating system. The waist of this library: tests put a model in its place. */
public interface Kernel {

    /**
     * {@return what /proc tells of every thread in scope, the calling thread first; securebits may be missing}
     *
     * <p>For a look that disturbs no thread. Nothing is concluded from it.
     */
    List<ThreadStatus> read(Scope scope);

    /** Has the calling thread tell its state in every way that a step will need. Links all code of a step, changes nothing. */
    void rehearse(Scope scope);

    /**
     * {@return what every thread in scope holds, as it told itself; the calling thread comes first} A plan is made of that.
     *
     * @throws CapsException as {@link #observe}
     */
    List<ThreadStatus> probe(Scope scope);

    /**
     * {@return what every thread in scope holds, as it told itself, and as /proc tells too; the calling thread comes first}
     *
     * @throws CapsException if it cannot be read, if two sources contradict one another, if a thread cannot be asked, or
     *     if something else in the process would keep its privileges
     */
    List<ThreadStatus> observe(Scope scope);

    /**
     * Runs a plan on every thread in scope. In {@link Scope#PROCESS} the calling thread goes first, and what it is refused
     * touches no other. The result leaves out a {@link Scout} that calls, unless the others were not asked because of it.
     *
     * @param asked whether that is where the plan is to lead
     */
    RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked);

    /** {@return the same kernel, but rings of io_uring, which keep the privileges they were made with, are accepted} */
    Kernel allowingIoUring();

    /** {@return the same kernel, but every thread has that long to answer} */
    Kernel answeringWithin(Duration deadline);

    /** {@return the ids that the kernel would accept in the user namespace of this process} */
    UserNamespace userNamespace();

    /** {@return the capabilities that the kernel knows, named here or not} */
    CapabilitySet supported();
}
