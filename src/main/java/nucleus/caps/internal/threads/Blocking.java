package nucleus.caps.internal.threads;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapsException;

/** Looks for threads that block the signal. Only a bare rt_sigprocmask can do that: the C library does not let them. */
final class Blocking {

    private static final String LINE = "\nSigBlk:\t";
    private static final int HEX_DIGITS = 16;
    private static final long PAUSE = 1_000_000;

    private final TaskDirectory directory;
    private final Tasks tasks;

    Blocking(TaskDirectory directory, Tasks tasks) {
        this.directory = directory;
        this.tasks = tasks;
    }

    /** {@return those of these threads that block the signal now and whenever they are looked at for so long} */
    List<Integer> during(Duration patience, List<Integer> threads) {
        long began = System.nanoTime();
        List<Integer> blocking = among(threads);
        while (!blocking.isEmpty() && System.nanoTime() - began < patience.toNanos()) {
            tasks.pause(PAUSE);
            blocking = among(blocking);
        }
        return blocking;
    }

    private List<Integer> among(List<Integer> threads) {
        List<Integer> blocking = new ArrayList<>();
        for (int tid : threads) {
            Optional<String> status = directory.file(tid + "/status");
            if (status.isPresent() && blocks(tid, status.get())) {
                blocking.add(tid);
            }
        }
        return blocking;
    }

    /** @throws CapsException if the file does not tell */
    private boolean blocks(int tid, String status) {
        int at = status.indexOf(LINE);
        if (at < 0) {
            throw Refusals.of("read(/proc/self/task/" + tid + "/status)", 0, "the file has no line \"SigBlk\"");
        }
        at += LINE.length();
        long mask = Long.parseUnsignedLong(status.substring(at, at + HEX_DIGITS), 16);
        if ((mask >>> Signal.NUMBER - 1 & 1) == 0) {
            return false;
        }
        TaskStat stat = directory.stat(tid);
        return !stat.ended() && !stat.kernelWorker();
    }
}
