package nucleus.caps.internal.proc;

import java.io.File;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.ProcessStatus;
import nucleus.caps.ThreadStatus;

/** The processes that /proc shows. Any of them, and any thread, can end while it is read. */
public final class Processes {

    private Processes() {
    }

    /** {@return those that are there when the stream comes by, in the order of their ids} */
    public static Stream<ProcessStatus> all() {
        Proc.callingThread(); // without /proc nothing would be found
        return ids("/proc").sorted().boxed().flatMap(pid -> read(pid).stream());
    }

    /** {@return a process; nothing where it has ended, and is only not reaped yet} */
    public static Optional<ProcessStatus> of(long pid) {
        return read(Proc.process(pid).tid());
    }

    private static Optional<ProcessStatus> read(int pid) {
        String tasks = "/proc/" + pid + "/task/";
        List<StatusFile> living = Proc.tasks(tasks).stream()
                .flatMap(tid -> Proc.living(tasks + tid + "/status").stream()).toList();
        return living.stream().findFirst().map(first -> {
            ThreadStatus main = first.threadStatus();
            List<ThreadStatus> differing = living.stream().map(StatusFile::threadStatus)
                    .filter(thread -> !thread.sets().equals(main.sets())).toList();
            return new ProcessStatus(pid, first.parent(), main.uids().effective(), main.name(), main.sets(),
                    first.ofKernel(), differing);
        });
    }

    /** As they are listed: of the threads of a process the main one comes first. */
    private static IntStream ids(String directory) {
        String[] names = new File(directory).list();
        return Stream.of(names == null ? new String[0] : names).filter(name -> name.matches("[0-9]+"))
                .mapToInt(Integer::parseInt);
    }
}
