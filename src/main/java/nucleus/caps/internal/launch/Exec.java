package nucleus.caps.internal.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/** Replaces the program of this process. */
public final class Exec {

    private Exec() {
    }

    /**
     * Executes a program. Returns only by an exception.
     *
     * @param command the program and its arguments
     * @param environment its environment
     * @return never
     * @throws CapsException with the errno, if the kernel refuses
     * @throws IllegalArgumentException if there is no command, or if a word cannot be passed on
     */
    public static Void with(List<String> command, Map<String, String> environment) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("there is no command");
        }
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> variables.add(variable(name, value)));
        List<String> candidates = PathSearch.from(Optional.empty()).candidates(command.getFirst());
        Errno errno = ExecCall.attempt(candidates, List.copyOf(command), variables);
        throw errno.exception("execve(" + candidates.getFirst() + ")", ExecErrors.ofExecve(errno));
    }

    private static String variable(String name, String value) {
        if (name.isEmpty() || name.indexOf('=') >= 0) {
            throw new IllegalArgumentException("a variable has a name without =, not \"" + name + "\"");
        }
        return name + "=" + value;
    }
}
