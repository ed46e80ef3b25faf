package nucleus.caps.internal.kernel;

import java.time.Duration;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;

/** All that the recipes need of an operating system. The waist of this library: tests put a model in its place. */
public interface Kernel {

    /**
     * Refuses where something in the process would keep its privileges, whatever becomes of the threads in scope. Changes
     * nothing.
     *
     * @throws CapsException with the reason
     */
    void ready(Scope scope);

    /**
     * {@return what /proc tells of every thread in scope, the calling thread first; securebits may be missing}
     *
     * <p>For a look that disturbs no thread. Nothing is concluded from it.
     */
    List<ThreadStatus> read(Scope scope);

    /**
     * {@return what every thread in scope holds now, its securebits included; the calling thread comes first}
     *
     * @throws CapsException if it cannot be read, if two sources contradict one another, or if a thread cannot be asked
     */
    List<ThreadStatus> observe(Scope scope);

    /**
     * Runs a round on every thread in scope, the calling thread first: what is refused there touches no other. A
     * thread stops at its first failure. Changes of the identity are never in one round with others.
     */
    Ran run(Scope scope, List<Change> round);

    /** {@return the same kernel, but rings of io_uring, which keep the privileges they were made with, are accepted} */
    Kernel allowingIoUring();

    /** {@return the same kernel, but every thread has that long to answer} */
    Kernel answeringWithin(Duration deadline);

    /** {@return the ids that the kernel would accept in the user namespace of this process} */
    UserNamespace userNamespace();

    /** {@return the capabilities that the kernel knows, named here or not} */
    CapabilitySet supported();
}
