package nucleus.caps.tool;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import nucleus.caps.Caps;
import nucleus.caps.Launcher;

/** {@code caps run --wait}: starts the command as a child, forwards signals to it, and waits for its end. */
record WaitingRun(PrintWriter err, RunOptions options) {

    /** {@return the exit code of the command, or 128 plus the number of the signal that ended it} */
    int run() throws IOException, InterruptedException {
        Line.requireText(options.command()); // a ProcessBuilder cannot pass on bytes that are no text
        options.warn(err, Caps.thread());
        options.settings().applyBefore();
        Forwarding forwarding = Forwarding.begin();
        try {
            return forwarding.start(launcher()).waitFor();
        } finally {
            forwarding.end();
        }
    }

    /** The command inherits standard input, output and error, and the descriptors that the caller handed over. */
    private Launcher launcher() {
        ProcessBuilder builder = new ProcessBuilder(options.command()).inheritIO();
        options.settings().directory().ifPresent(directory -> builder.directory(new File(directory)));
        Optional<Map<String, String>> environment = options.environment(options.identityOr(Caps.thread()).uid());
        environment.ifPresent(variables -> {
            builder.environment().clear();
            builder.environment().putAll(variables);
        });
        Launcher kept = Launcher.of(builder).keeping(StartState.descriptors());
        Launcher launcher = options.iab().map(kept::iab).orElse(kept.bounding(options.bounding())
                .inheritable(options.inheritable()).ambient(options.ambient()));
        launcher = options.identity().map(launcher::identity).orElse(launcher);
        launcher = options.secureBits().map(launcher::secureBits).orElse(launcher);
        launcher = options.deniesNamespaces() ? launcher.denyNamespaces() : launcher;
        return options.allowsNewPrivileges() ? launcher.allowNewPrivileges() : launcher;
    }
}
