package privileged.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import privileged.harness.ProcTasks;

/** The seccomp lines of status files, proc_pid_status(5), read from outside. */
final class SeccompLines {

    static final String NONE = "Seccomp:0 Seccomp_filters:0";
    static final String ONE = "Seccomp:2 Seccomp_filters:1";
    static final String TWO = "Seccomp:2 Seccomp_filters:2";

    private SeccompLines() {
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

    private static String of(List<String> status) {
        return status.stream().filter(line -> line.startsWith("Seccomp")).map(line -> line.replace("\t", ""))
                .collect(Collectors.joining(" "));
    }

    /** {@return what one thread has} */
    static String ofThread(long tid) throws IOException {
        return of(Files.readAllLines(Path.of("/proc/" + tid + "/status")));
    }
}
