package nucleus.caps.internal.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * Where a program is, as ProcessBuilder finds it: a name with a slash is a path from the working directory of the
 * program; any other is looked for in the PATH of this JVM, whatever the environment of the program says.
 *
 * @param path the directories to look in
 * @param directory the working directory of the program
 */
public record PathSearch(String path, Path directory) {

    /** Where the C library, and the JDK with it, looks where there is no PATH. */
    private static final String DEFAULT = ":/bin:/usr/bin";

    /** {@return a search from that directory, or from the present one of this process} */
    public static PathSearch from(Optional<Path> directory) {
        Path here = Path.of("/proc/thread-self/cwd");
        return new PathSearch(Optional.ofNullable(System.getenv("PATH")).orElse(DEFAULT),
                directory.map(here::resolve).orElse(here));
    }

    /**
     * {@return the files that may be meant, the likeliest first; whether they may be executed shows when it is tried}
     *
     * @throws CapsException ENOENT if there is none, EACCES if none of them is executable
     * @throws IllegalArgumentException if that cannot be a name
     */
    public List<String> candidates(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("no word may hold the character 0");
        }
        List<String> found = (name.contains("/") ? Stream.of(name) : below(name))
                .filter(file -> Files.exists(directory.resolve(file))).distinct().toList();
        List<String> executable = found.stream()
                .filter(file -> ProgramFile.isExecutable(directory.resolve(file))).toList();
        if (executable.isEmpty()) {
            Errno errno = found.isEmpty() ? Errno.ENOENT : Errno.EACCES;
            throw errno.exception("execve(" + name + ")", found.isEmpty()
                    ? "there is no such program" + (name.contains("/") ? "" : " in " + path)
                    : "nobody may execute " + found.getFirst());
        }
        return executable;
    }

    private Stream<String> below(String name) {
        Stream<String> directories = name.isEmpty() ? Stream.empty() : Stream.of(path.split(":", -1));
        return directories.map(each -> (each.isEmpty() ? "." : each) + "/" + name);
    }

    /** {@return what such a file gives to who executes it} */
    public ProgramFile given(String candidate) {
        return ProgramFile.of(directory.resolve(candidate), directory);
    }
}
