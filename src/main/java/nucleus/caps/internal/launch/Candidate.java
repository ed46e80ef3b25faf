package nucleus.caps.internal.launch;

import java.util.List;

/**
 * A file that a child may execute.
 *
 * @param path the file
 * @param byShell whether the shell executes it, because the file is a script without an interpreter
 */
record Candidate(String path, boolean byShell) {

    List<Instruction> instructions(Instructions calls) {
        return byShell ? calls.executeByShell(path) : List.of(calls.execute(path));
    }
}
