package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import privileged.harness.ProcTasks;

/** The seccomp lines of status files, proc_pid_status(5), read from outside. */
final class SeccompLines {

    /** What these tests have, and with them whatever they start: in a container, a filter. */
    private static final int OWN = Integer.parseInt(ofThread("self").replaceFirst(".*:", ""));

    private SeccompLines() {
    }

    /** {@return the lines of a thread with that many filters more than these tests have} */
    static String more(int filters) {
        int count = OWN + filters;
        return "Seccomp:" + (count == 0 ? 0 : 2) + " Seccomp_filters:" + count;
    }

    /** {@return what the threads of a process have; a thread that ends meanwhile is left out} */
    static Set<String> of(long pid) {
        Set<String> all = new TreeSet<>();
        for (Path task : ProcTasks.of(pid)) {
            try {
                all.add(of(Files.readAllLines(task.resolve("status"))));
            } catch (IOException e) {
                assertThat(task).doesNotExist();
            }
        }
        return all;
    }

    /** {@return what one thread has} */
    static String ofThread(Object id) {
        try {
            return of(Files.readAllLines(Path.of("/proc/" + id + "/status")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String of(List<String> status) {
        return status.stream().filter(line -> line.startsWith("Seccomp")).map(line -> line.replace("\t", ""))
                .collect(Collectors.joining(" "));
    }
}
