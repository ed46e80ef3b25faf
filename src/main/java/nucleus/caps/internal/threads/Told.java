package nucleus.caps.internal.threads;

import nucleus.caps.CapsException;

/**
 * What the kernel tells of a thread.
 *
 * @param tid the thread
 * @param status its status file, proc_pid_status(5)
 * @param blocks whether it blocks the signal, and could not answer. Only a bare rt_sigprocmask can do that for long: the
 *     C library does not let a thread block it, but blocks every signal while it creates a thread or a process, and
 *     while a thread ends
 * @param kernelWorker whether the kernel runs it, for io_uring or vhost: it never answers. It blocks every signal, too
 */
public record Told(int tid, String status, boolean blocks, boolean kernelWorker) {

    private static final String LINE = "\nSigBlk:\t";
    private static final int HEX_DIGITS = 16;

    /** @throws CapsException if the file does not tell */
    static Told of(int tid, String status, Tasks tasks) {
        int at = status.indexOf(LINE);
        if (at < 0) {
            throw Refusals.of("read(/proc/self/task/" + tid + "/status)", 0, "the file has no line \"SigBlk\"");
        }
        at += LINE.length();
        long mask = Long.parseUnsignedLong(status, at, at + HEX_DIGITS, 16);
        if ((mask >>> Signal.NUMBER - 1 & 1) == 0) {
            return new Told(tid, status, false, false);
        }
        TaskStat stat = tasks.stat(tid);
        return new Told(tid, status, !stat.ended() && !stat.kernelWorker(), stat.kernelWorker());
    }
}
