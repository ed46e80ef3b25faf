package nucleus.caps;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.internal.launch.Exec;
import nucleus.caps.internal.session.Session;

/** The last phase. It can be verified again, and executes a program. */
abstract class EndedPhase extends BasePhase {

    EndedPhase(Session session, List<ThreadStatus> observed) {
        super(session, observed);
    }

    public final Identity identity() {
        return Session.identity(observed().getFirst());
    }

    public final CapabilitySets sets() {
        return observed().getFirst().sets();
    }

    public final boolean noNewPrivs() {
        return observed().getFirst().noNewPrivs();
    }

    public final void verify() {
        session.exclusively(() -> {
            session.confirm("verify", observed());
            return true;
        });
    }

    public final void exec(List<String> command) {
        exec(command, Optional.empty(), Set.of());
    }

    public final void exec(List<String> command, Set<Integer> keepDescriptors) {
        exec(command, Optional.empty(), keepDescriptors);
    }

    public final void exec(List<String> command, Map<String, String> environment) {
        exec(command, environment, Set.of());
    }

    public final void exec(List<String> command, Map<String, String> environment, Set<Integer> keepDescriptors) {
        exec(command, Optional.of(environment), keepDescriptors);
    }

    private void exec(List<String> command, Optional<Map<String, String>> environment, Set<Integer> keepDescriptors) {
        if (session.denial().exec()) {
            throw new IllegalStateException("exec: remove the option denyExec(); it refuses every execve(2)");
        }
        session.exclusively(() -> {
            session.confirm("exec", observed());
            return Exec.with(command, environment, keepDescriptors);
        });
    }
}
