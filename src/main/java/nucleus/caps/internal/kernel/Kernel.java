package nucleus.caps.internal.kernel;

import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;

/** All that the recipes need of an operating system. The waist of this library: tests put a model in its place. */
public interface Kernel {

    /**
     * {@return what every thread in scope holds now, its securebits included; the calling thread comes first}
     *
     * @throws CapsException if it cannot be read, or if two sources contradict one another
     */
    List<ThreadStatus> observe(Scope scope);

    /**
     * Runs a program on every thread in scope, the calling thread first. A thread stops at its first failure.
     *
     * @return what failed; empty where every call succeeded on every thread
     */
    List<Failure> run(Scope scope, List<Change> program);

    /** {@return the ids that the kernel would accept in the user namespace of this process} */
    UserNamespace userNamespace();

    /** {@return the capabilities that the kernel knows, named here or not} */
    CapabilitySet supported();
}
