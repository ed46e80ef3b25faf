package nucleus.caps.internal.threads;

import java.util.Optional;

/**
 * The state of a thread that does not answer, from {@code /proc/self/task/<tid>/stat} and
 * {@code /proc/self/task/<tid>/status}, proc_pid_stat(5).
 *
 * @param state a letter; {@link #GONE} if there is no such thread, {@link #UNKNOWN} if it cannot be read
 * @param flags the kernel's PF_* flags
 * @param blocks whether the signal is pending and blocked. A thread in the handler blocks the signal too, but the signal is
 *     no longer pending. The C library blocks it briefly while it creates a thread or a process, and while a thread ends.
 *     Only a bare rt_sigprocmask blocks it for long
 */
record TaskStat(char state, long flags, boolean blocks) {

    static final char GONE = '-';
    static final char UNKNOWN = '?';

    /** Kernel threads in this process, of io_uring and vhost. They run no signal handler. */
    private static final long PF_IO_WORKER = 0x10;
    private static final long PF_USER_WORKER = 0x4000;

    /** Indexes of the fields after the name. The name is the second field and can hold any character. */
    private static final int STATE = 0;
    private static final int FLAGS = 6;

    private static final String PENDING = "\nSigPnd:\t";
    private static final String BLOCKED = "\nSigBlk:\t";
    private static final int HEX_DIGITS = 16;

    static TaskStat of(String stat, Optional<String> status) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= FLAGS) {
            return unknown();
        }
        return new TaskStat(fields[STATE].charAt(0), Long.parseLong(fields[FLAGS]),
                status.isPresent() && has(status.get(), BLOCKED) && has(status.get(), PENDING));
    }

    private static boolean has(String status, String line) {
        int at = status.indexOf(line) + line.length();
        return at >= line.length() && at + HEX_DIGITS <= status.length()
                && (Long.parseUnsignedLong(status, at, at + HEX_DIGITS, 16) >>> (Signal.NUMBER - 1) & 1) != 0;
    }

    static TaskStat gone() {
        return new TaskStat(GONE, 0, false);
    }

    static TaskStat unknown() {
        return new TaskStat(UNKNOWN, 0, false);
    }

    /** Whether the thread has ended. A leader that ends before the other threads stays as a zombie. */
    boolean ended() {
        return state == 'Z' || state == 'X' || state == GONE;
    }

    /** A worker blocks the signal. The flags alone do not tell: older kernels use the same bits for other threads. */
    boolean kernelWorker() {
        return blocks && (flags & (PF_IO_WORKER | PF_USER_WORKER)) != 0;
    }
}
