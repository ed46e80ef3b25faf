package nucleus.caps.internal.threads;

/**
 * What {@code /proc/self/task/<tid>/stat} says of a thread, proc_pid_stat(5).
 *
 * @param state a letter; {@link #GONE} if there is no such thread, {@link #UNKNOWN} if it cannot be read
 * @param flags PF_* of the kernel
 */
record TaskStat(char state, long flags) {

    static final char GONE = '-';
    static final char UNKNOWN = '?';

    /** The kernel's own threads in this process, which io_uring and vhost have: they run no signal handler. */
    private static final long PF_IO_WORKER = 0x10;
    private static final long PF_USER_WORKER = 0x4000;

    /** Fields behind the name, which is the second and can hold anything. */
    private static final int STATE = 0;
    private static final int FLAGS = 6;

    static TaskStat of(String text) {
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return new TaskStat(fields[STATE].charAt(0), Long.parseLong(fields[FLAGS]));
    }

    static TaskStat gone() {
        return new TaskStat(GONE, 0);
    }

    static TaskStat unknown() {
        return new TaskStat(UNKNOWN, 0);
    }

    /** Whether it runs nothing any more: a leader that ended before the others stays, as a zombie. */
    boolean ended() {
        return state == 'Z' || state == 'X' || state == GONE;
    }

    boolean kernelWorker() {
        return (flags & (PF_IO_WORKER | PF_USER_WORKER)) != 0;
    }
}
