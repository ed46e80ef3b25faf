package nucleus.caps.tool;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;

/**
 * Runs what the commands run, so that the JVM sees which classes they load and what these do. {@code scripts/startup-cache}
 * makes a cache for later starts from that.
 *
 * <p>It prints nothing and changes only its own JVM. It always ends well: a refused command is also a rehearsal.
 */
public final class Rehearsal {

    /** Whatever gives up privileges comes last. Without root the last but one is refused. */
    private static final List<String> COMMANDS = List.of("--help", "drop --help", "frob", "show", "threads", "ps", "ps --tree",
            "file get /", "decode 1", "explain", "explain chown", "run --uid 65534 --gid 65534 --ambient chown -- /",
            "drop --uid 0 --gid 0 --keep chown --stay-root", "drop --unprivileged");

    private Rehearsal() {
    }

    /**
     * Runs the commands.
     *
     * @param args nothing
     */
    public static void main(String[] args) {
        Main.log(false);
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        for (String command : COMMANDS) {
            new CapsTool().run(nowhere, nowhere, command.split(" "));
        }
    }
}
