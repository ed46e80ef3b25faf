package nucleus.caps.internal.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * Finds a program. A name with a slash is a path, relative to the working directory of the program. Any other name is
 * searched in PATH: a launch uses the PATH of this JVM, like ProcessBuilder; exec uses that of the new environment, like
 * execvpe(3) after a change of {@code environ}.
 *
 * @param path the directories to search
 * @param directory the working directory of the program
 */
public record PathSearch(String path, Path directory) {

    /** The directories that the C library and the JDK search if PATH is not set. */
    private static final String DEFAULT = ":/bin:/usr/bin";
    /** The working directory of this process. */
    static final Path HERE = Path.of("/proc/thread-self/cwd");

    /** {@return a search from that directory, or from the working directory of this process} */
    public static PathSearch from(Optional<Path> directory) {
        return new PathSearch(Optional.ofNullable(System.getenv("PATH")).orElse(DEFAULT),
                directory.map(HERE::resolve).orElse(HERE));
    }

    /** {@return a search in the PATH of that environment, from the working directory of this process} */
    static PathSearch in(Map<String, String> environment) {
        return new PathSearch(environment.getOrDefault("PATH", DEFAULT), HERE);
    }

    /**
     * {@return the candidate files, in search order} Only execve(2) shows whether the child may execute them.
     *
     * @throws CapsException ENOENT if there is no such file, EACCES if none is executable
     * @throws IllegalArgumentException if the name contains the character 0
     */
    public List<String> candidates(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text must not contain the character 0");
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

    /** {@return the privileges that this candidate gives} */
    public ProgramFile given(String candidate) {
        return ProgramFile.of(directory.resolve(candidate), directory);
    }
}
