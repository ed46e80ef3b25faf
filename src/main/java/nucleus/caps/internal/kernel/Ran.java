package nucleus.caps.internal.kernel;

import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.ThreadStatus;

/** What came of a round. */
public interface Ran {

    /** {@return what failed; empty where every call succeeded on every thread} */
    List<Failure> failures();

    /**
     * {@return what every thread in scope holds now; the calling thread comes first} Where nothing failed, this takes no
     * further round: each thread told its securebits at the end of this one.
     *
     * @throws CapsException as {@link Kernel#observe}
     */
    List<ThreadStatus> observe();
}
