package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;

/**
 * A system call that a thread makes to see whether a filter refuses it. The kernel itself refuses it too, with another error,
 * before it changes anything: its flags contradict each other, or it names nothing.
 *
 * @param syscall the call as an error names it
 * @param refusal the error of a filter
 * @param call the call
 */
record Attempt(String syscall, String refusal, Call call) {

    /** No flag of unshare(2): in clone(2) it is a part of the exit signal. */
    private static final int NO_FLAG = 1;

    private static final Attempt UNSHARE = new Attempt("unshare(CLONE_NEWUSER)", "EPERM",
            Call.of(Syscall.UNSHARE, CLONE_NEWUSER() | NO_FLAG));

    private static final Attempt EXECVE = new Attempt("execve()", "EACCES", Call.of(Syscall.EXECVE, 0, 0, 0));

    /** All ways to a namespace. In clone(2), each of the other two flags alone contradicts what is there. */
    static final List<Attempt> NAMESPACES = List.of(UNSHARE,
            new Attempt("clone(CLONE_NEWUSER)", "EPERM",
                    Call.of(Syscall.CLONE, CLONE_NEWUSER() | CLONE_FS() | CLONE_THREAD())),
            new Attempt("clone3()", "ENOSYS", Call.of(Syscall.CLONE3, 0, 0)),
            new Attempt("setns()", "EPERM", Call.of(Syscall.SETNS, -1, 0)));

    /**
     * {@return one attempt for each part of a denial} A thread that has the filter needs no more: it is one program. Fewer
     * calls are better here, because another filter may end the process for a call.
     */
    static List<Attempt> of(Denial denial) {
        List<Attempt> attempts = new ArrayList<>();
        if (denial.namespaces()) {
            attempts.add(UNSHARE);
        }
        if (denial.exec()) {
            attempts.add(EXECVE);
        }
        return attempts;
    }

    /** {@return the difference if the result is that of the kernel, not of a filter} */
    Optional<Difference> judge(ThreadStatus thread, long result) {
        String answer = Errno.of(result).name();
        return answer.equals(refusal) ? Optional.empty()
                : Optional.of(new Difference(thread.tid(), thread.name(), syscall, refusal, answer));
    }
}
