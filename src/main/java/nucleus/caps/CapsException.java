package nucleus.caps;

import java.util.List;

/**
 * A change or a reading that was refused: by the kernel, or by this library because the kernel would have.
 *
 * <p>The message names the syscall, the errno and the rule, as in {@code prctl(PR_CAPBSET_DROP, CAP_CHOWN): EPERM:
 * needs CAP_SETPCAP in the effective set, which holds none}.
 *
 * {@snippet class="snippets.Drops" region="failing"}
 */
public class CapsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The call with its arguments. */
    private final String syscall;
    /** What the kernel answered. */
    private final int errno;
    /** The name of that. */
    private final String errnoName;
    /** Why. */
    private final String rule;
    /** Whether something had been changed. */
    private final boolean changed;
    private final transient List<ThreadStatus> threads;

    /**
     * A refusal.
     *
     * @param syscall the call with its arguments
     * @param errno the number, 0 where the kernel was not at fault
     * @param errnoName the name of that number, empty for 0
     * @param rule why
     * @param changed whether something had been changed before
     * @param threads the threads it is about
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
        return changed ? cause + " (a part had been changed before)" : cause;
    }

    /** {@return the call that was refused, with its arguments: {@code prctl(PR_CAPBSET_DROP, CAP_CHOWN)}} */
    public String syscall() {
        return syscall;
    }

    /** {@return what the kernel answered, or would have answered; 0 where no call was at fault} */
    public int errno() {
        return errno;
    }

    /** {@return the name of that number, as in {@code EPERM}; empty for 0} */
    public String errnoName() {
        return errnoName;
    }

    /** {@return the rule that was met, in words} */
    public String rule() {
        return rule;
    }

    /**
     * {@return whether this call had changed something when the refusal came; false means that all is as it was before
     * the call}
     */
    public boolean changed() {
        return changed;
    }

    /** {@return the threads it is about, in the state last read; empty where none could be read} */
    public List<ThreadStatus> threads() {
        return threads == null ? List.of() : threads;
    }
}
