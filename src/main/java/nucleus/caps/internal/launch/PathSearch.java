package nucleus.caps.internal.launch;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import nucleus.caps.CapsException;
import nucleus.caps.internal.ffi.linux_caps_h;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.FileStatus;

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
     * {@return the candidate files, in search order} Only execve(2) shows whether the child may execute them. A directory of
     * PATH that cannot be reached has no candidates, so that a misspelt name is reported as absent.
     *
     * @throws CapsException ENOENT if there is no such file, EACCES if none is executable or can be reached
     * @throws IllegalArgumentException if the name contains the character 0
     */
    public List<String> candidates(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the text must not contain the character 0");
        }
        List<String> found = name.contains("/") ? Stream.of(name).filter(file -> !isAbsent(directory.resolve(file))).toList()
                : below(name).filter(file -> isFound(directory.resolve(file))).distinct().toList();
        List<String> executable = found.stream()
                .filter(file -> ProgramFile.isExecutable(directory.resolve(file))).toList();
        if (executable.isEmpty()) {
            throw refused(name, found);
        }
        return executable;
    }

    private CapsException refused(String name, List<String> found) {
        String call = "execve(" + name + ")";
        if (found.isEmpty()) {
            return Errno.ENOENT.exception(call, "there is no such program" + (name.contains("/") ? "" : " in " + path));
        }
        String first = found.getFirst();
        FileStatus status = FileStatus.of(directory.resolve(first));
        Errno errno = status.errno();
        return status.known() ? Errno.EACCES.exception(call, status.is(FileStatus.S_IFREG) ? "nobody may execute " + first
                : first + " is no regular file")
                : errno.exception(call, first + ": " + Cause.ofPath(errno));
    }

    /** As for execvp(3). A file that the caller may not reach can be there. */
    static boolean isAbsent(Path file) {
        return isAbsent(FileStatus.of(file).errno());
    }

    private static boolean isAbsent(Errno errno) {
        return errno.equals(Errno.ENOENT) || errno.number() == linux_caps_h.ENOTDIR();
    }

    private static boolean isFound(Path file) {
        Errno errno = FileStatus.of(file).errno();
        return !isAbsent(errno) && !errno.equals(Errno.EACCES);
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
