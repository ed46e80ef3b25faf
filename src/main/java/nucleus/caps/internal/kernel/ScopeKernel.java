package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.Optional;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;

/** What {@link Kernel} does, for one scope. */
sealed interface ScopeKernel permits ThreadKernel, ProcessKernel {

    void ready();

    List<ThreadStatus> read();

    List<ThreadStatus> observe();

    Ran run(List<Change> round);

    /** What /proc tells, completed by what only the thread itself could tell. */
    static ThreadStatus complete(ThreadStatus told, SecureBits bits) {
        return new ThreadStatus(told.tid(), told.name(), told.sets(), told.noNewPrivs(), told.uids(), told.gids(),
                told.groups(), Optional.of(bits));
    }
}
