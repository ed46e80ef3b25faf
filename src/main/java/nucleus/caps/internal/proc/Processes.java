package nucleus.caps.internal.proc;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.ProcessStatus;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/** The processes that /proc shows. A process or a thread can end while it is read. */
public final class Processes {

    private Processes() {
    }

    /** {@return the processes in the order of their ids, each read when the stream reaches it} */
    public static Stream<ProcessStatus> all() {
        Proc.callingThread(); // fails if /proc is missing; the list would be empty
        return ids("/proc").sorted().boxed().flatMap(pid -> read(pid).stream());
    }

    /**
     * {@return a process}
     *
     * @throws CapsException ESRCH if there is no such process, or if it has ended
     */
    public static ProcessStatus of(long pid) {
        return read(Proc.process(pid).tid()).orElseThrow(() -> ended(pid));
    }

    /**
     * {@return the threads of a process that have not ended; their securebits are unknown}
     *
     * @throws CapsException as {@link #of}
     */
    public static List<ThreadStatus> threads(long pid) {
        List<ThreadStatus> threads = Proc.threads(pid);
        if (threads.isEmpty()) {
            throw ended(pid);
        }
        return threads;
    }

    private static CapsException ended(long pid) {
        return Errno.ESRCH.exception("read(/proc/" + pid + "/task)", "process " + pid + " has ended");
    }

    private static Optional<ProcessStatus> read(int pid) {
        String tasks = "/proc/" + pid + "/task/";
        List<StatusFile> living = Proc.tasks(tasks).stream()
                .flatMap(tid -> Proc.living(tasks + tid + "/status").stream()).toList();
        return living.stream().findFirst().map(first -> {
            ThreadStatus main = first.threadStatus();
            List<ThreadStatus> differing = living.stream().map(StatusFile::threadStatus)
                    .filter(thread -> !thread.sets().equals(main.sets())).toList();
            return new ProcessStatus(pid, first.parent(), main, first.ofKernel(), differing);
        });
    }

    private static IntStream ids(String directory) {
        String[] names = new File(directory).list();
        return Stream.of(names == null ? new String[0] : names).filter(name -> name.matches("[0-9]+"))
                .mapToInt(Integer::parseInt);
    }
}
