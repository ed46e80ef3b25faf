package nucleus.caps;

import java.util.List;

/**
 * Thrown if the kernel refuses a change or a reading, or if this library refuses it because the kernel would.
 *
 * <p>The message names the system call, the errno and the rule, for example {@code prctl(PR_CAPBSET_DROP, CAP_CHOWN):
 * EPERM: needs CAP_SETPCAP in the effective set, which holds none}.
 *
 * {@snippet class="snippets.Drops" region="failing"}
 */
public class CapsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The system call with its arguments. */
    private final String syscall;
    /** The errno, 0 if no system call failed. */
    private final int errno;
    /** The name of the errno. */
    private final String errnoName;
    /** The reason. */
    private final String rule;
    /** Whether something was changed before the refusal. */
    private final boolean changed;
    private final transient List<ThreadStatus> threads;

    /**
     * Creates the exception.
     *
     * @param syscall the system call with its arguments
     * @param errno the errno, 0 if no system call failed
     * @param errnoName the name of the errno, empty for 0
     * @param rule the reason
     * @param changed whether something was changed before the refusal
     * @param threads the threads that were refused
     */
    public CapsException(String syscall, int errno, String errnoName, String rule, boolean changed,
                         List<ThreadStatus> threads) {
        super(message(syscall, errnoName, rule, changed));
        this.syscall = syscall;
        this.errno = errno;
        this.errnoName = errnoName;
        this.rule = rule;
        this.changed = changed;
        this.threads = List.copyOf(threads);
    }

    private static String message(String syscall, String errnoName, String rule, boolean changed) {
        String cause = errnoName.isEmpty() ? syscall + ": " + rule : syscall + ": " + errnoName + ": " + rule;
        return changed ? cause + " (part of the change is already made)" : cause;
    }

    /** {@return the refused call with its arguments, for example {@code prctl(PR_CAPBSET_DROP, CAP_CHOWN)}} */
    public String syscall() {
        return syscall;
    }

    /** {@return the errno that the kernel returned or would return; 0 if no system call failed} */
    public int errno() {
        return errno;
    }

    /** {@return the name of the errno, for example {@code EPERM}; empty for 0} */
    public String errnoName() {
        return errnoName;
    }

    /** {@return the reason for the refusal, in words} */
    public String rule() {
        return rule;
    }

    /**
     * {@return whether the call changed something before the refusal; false means that the state is the same as before
     * the call}
     */
    public boolean changed() {
        return changed;
    }

    /** {@return the refused threads, in the state last read; empty if none could be read} */
    public List<ThreadStatus> threads() {
        return threads == null ? List.of() : threads;
    }
}
