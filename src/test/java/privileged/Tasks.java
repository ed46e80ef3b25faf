package privileged;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The threads of a process as {@code /proc/<pid>/task} lists them. */
final class Tasks {

    private Tasks() {
    }

    /** One directory for each thread. */
    static List<Path> of(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return tasks.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The process that a thread belongs to. */
    static long process(long tid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(tid), "status"))) {
            return lines.filter(line -> line.startsWith("Tgid:")).map(line -> line.substring(5).strip())
                    .mapToLong(Long::parseLong).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The kernel's name of a thread; nothing where it is gone. */
    static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
