package privileged.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of a process as {@code /proc/<pid>/task} lists them. */
public final class ProcTasks {

    private ProcTasks() {
    }

    /** One directory for each thread. */
    public static List<Path> of(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process that a thread belongs to. */
    public static long process(long tid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(tid), "status"))) {
            return lines.filter(line -> line.startsWith("Tgid:")).map(line -> line.substring(5).strip())
                    .mapToLong(Long::parseLong).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel's name of a thread; nothing where it is gone. */
    public static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
