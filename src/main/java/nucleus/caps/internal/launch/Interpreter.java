package nucleus.caps.internal.launch;

import java.nio.file.Path;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * The program that runs a script, execve(2). As in execvp(3), the shell runs a file that is no program and names no
 * interpreter. Programs that binfmt_misc starts are not considered.
 */
final class Interpreter {

    /** The number of nested interpreters that the kernel allows. */
    private static final int INTERPRETERS = 5;

    private static final String ELF = "\u007fELF";
    private static final Path SHELL = Path.of(Instructions.SHELL);

    private Interpreter() {
    }

    /**
     * {@return the file that is executed in the end: the file itself, or its interpreter}
     *
     * @param path the file
     * @param directory the directory that a relative path of an interpreter starts from
     * @throws CapsException ENOENT or EACCES if an interpreter is not there or may not be executed
     */
    static Path of(Path path, Path directory) {
        return last(path, directory).orElse(SHELL);
    }

    /** {@return whether the kernel refuses this file with ENOEXEC, so that the shell runs it} */
    static boolean isShell(Path path, Path directory) {
        return last(path, directory).isEmpty();
    }

    private static Optional<Path> last(Path path, Path directory) {
        Path file = path;
        for (int depth = 0; depth < INTERPRETERS; depth++) {
            Optional<String> head = FileHead.of(file);
            if (head.isEmpty() || head.get().startsWith(ELF)) {
                return Optional.of(file); // a caller that cannot read a script cannot run it
            }
            Optional<String> named = named(head.get());
            if (named.isEmpty()) {
                return Optional.empty();
            }
            Path interpreter = directory.resolve(named.get());
            require(file, interpreter);
            file = interpreter;
        }
        return Optional.of(file);
    }

    private static void require(Path script, Path interpreter) {
        if (PathSearch.isAbsent(interpreter)) {
            throw Errno.ENOENT.exception("execve(" + script + ")", "its interpreter " + interpreter + " is not there");
        }
        if (!ProgramFile.isExecutable(interpreter)) {
            throw Errno.EACCES.exception("execve(" + script + ")", "its interpreter " + interpreter
                    + " cannot be reached, or is no regular file that may be executed");
        }
    }

    private static Optional<String> named(String head) {
        if (!head.startsWith("#!")) {
            return Optional.empty();
        }
        String[] words = head.substring(2).split("\n", 2)[0].strip().split("[ \t\0]", 2);
        return Optional.of(words[0]).filter(word -> !word.isEmpty());
    }
}
