package nucleus.caps.tool;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import nucleus.caps.CapsException;

/** {@code caps run}: starts a program, and ends with its exit code. */
final class RunCommand {

    /** The exit codes of env(1) and nohup(1). */
    private static final int REFUSED = 125;
    private static final int NOT_EXECUTABLE = 126;
    private static final int NOT_FOUND = 127;

    private RunCommand() {
    }

    static int run(PrintWriter err, List<String> words) {
        RunOptions options = RunOptions.parse(words);
        Forwarding forwarding = Forwarding.begin();
        try {
            return forwarding.start(options.launcher()).waitFor();
        } catch (CapsException e) {
            err.println("caps: " + e.getMessage());
            return status(e);
        } catch (IOException e) {
            err.println("caps: " + e.getMessage());
            return REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return REFUSED;
        } finally {
            forwarding.end();
        }
    }

    private static int status(CapsException refused) {
        if (!refused.syscall().startsWith("execve(")) {
            return REFUSED;
        }
        return switch (refused.errnoName()) {
            case "ENOENT" -> NOT_FOUND;
            case "" -> REFUSED;
            default -> NOT_EXECUTABLE;
        };
    }
}
