package nucleus.caps.internal.proc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.ProcessStatus;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Errno;

/** The processes that /proc shows. A process or a thread can end while it is read. */
public final class Processes {

    private static final int LISTINGS = 20;
    private static final int QUIET_LISTINGS = 2;

    private Processes() {
    }

    /** {@return the processes in the order of their ids, each read when the stream reaches it} */
    public static Stream<ProcessStatus> all() {
        Proc.callingThread(); // fails if /proc is missing; the list would be empty
        return ProcFiles.list("/proc").stream().filter(name -> name.matches("[0-9]+")).map(Integer::valueOf).sorted()
                .flatMap(pid -> visible(pid).stream());
    }

    /** Empty for a process that /proc lists and does not let this process read, mount option hidepid=1 of proc(5). */
    private static Optional<ProcessStatus> visible(int pid) {
        try {
            return read(pid);
        } catch (CapsException e) {
            if (Files.isExecutable(Path.of("/proc/" + pid))) {
                throw e;
            }
            return Optional.empty();
        }
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
        List<ThreadStatus> threads = living(Proc.process(pid).tid()).stream().map(StatusFile::threadStatus).toList();
        if (threads.isEmpty()) {
            throw ended(pid);
        }
        return threads;
    }

    private static CapsException ended(long pid) {
        return Errno.ESRCH.exception("read(/proc/" + pid + "/task)", "process " + pid + " has ended");
    }

    private static Optional<ProcessStatus> read(int pid) {
        List<StatusFile> living = living(pid);
        return living.stream().findFirst().map(first -> {
            ThreadStatus main = first.threadStatus();
            List<ThreadStatus> differing = living.stream().map(StatusFile::threadStatus)
                    .filter(thread -> !thread.sets().equals(main.sets())).toList();
            return new ProcessStatus(pid, first.parent(), main, first.ofKernel(), differing);
        });
    }

    private static List<StatusFile> living(int pid) {
        String tasks = "/proc/" + pid + "/task/";
        return tasks(tasks, ProcFiles::names).stream().flatMap(tid -> Proc.living(tasks + tid + "/status").stream()).toList();
    }

    /**
     * {@return the threads of a process, the main thread first; none if the process is gone}
     *
     * <p>A listing can miss a living thread if another ends meanwhile. This repeats the listing until two in a row show no new
     * thread, 20 times at most.
     */
    static Set<String> tasks(String directory, ProcFiles.Names names) {
        Set<String> tasks = new LinkedHashSet<>(ProcFiles.listIfThere(directory, names));
        int quiet = 0;
        for (int i = 0; i < LISTINGS && quiet < QUIET_LISTINGS; i++) {
            quiet = tasks.addAll(ProcFiles.listIfThere(directory, names)) ? 0 : quiet + 1;
        }
        return tasks;
    }
}
