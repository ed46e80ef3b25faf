package nucleus.caps.internal.launch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.CapsException;
import nucleus.caps.internal.kernel.DeathSignal;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.sys.Cause;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;

/** Replaces the program of this process. */
public final class Exec {

    private Exec() {
    }

    /**
     * Executes a program. Returns only by an exception. A thread of its own makes the call, so that a failure leaves no trace
     * on the calling thread. That thread has the credentials and the parent-death signal of the calling thread.
     *
     * @param command the program and its arguments
     * @param environment its environment, or empty for that of this process
     * @param descriptors the descriptors above 2 that it gets
     * @return never
     * @throws CapsException with the errno, if the kernel refuses
     * @throws IllegalArgumentException if there is no command, or if a word cannot be passed on
     */
    public static Void with(List<String> command, Optional<Map<String, String>> environment, Set<Integer> descriptors) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("there is no command");
        }
        Optional<List<String>> variables = environment.map(Exec::variables);
        KeptDescriptors kept = new KeptDescriptors(descriptors);
        PathSearch search = environment.map(PathSearch::in).orElseGet(() -> PathSearch.from(Optional.empty()));
        int deathSignal = DeathSignal.ofThisThread();
        return Scout.call(() -> {
            if (deathSignal != 0) { // a new thread has none
                ProcessCalls.deathSignal(deathSignal);
            }
            List<String> candidates = search.candidates(command.getFirst());
            Errno errno = ExecCall.attempt(candidates, List.copyOf(command), variables, kept);
            throw errno.exception("execve(" + candidates.getFirst() + ")", Cause.ofExecve(errno));
        });
    }

    private static List<String> variables(Map<String, String> environment) {
        List<String> variables = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException("a variable has a name without =, not \"" + name + "\"");
            }
            variables.add(name + "=" + value);
        });
        return variables;
    }
}
