package nucleus.caps.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nucleus.caps.Launcher;
import org.jspecify.annotations.Nullable;

/**
 * Forwards to a child the signals that end a JVM, and then ends with the exit code of the child. The JDK has no API for
 * signals. It runs shutdown hooks while a thread that is named after the signal waits for them.
 */
final class Forwarding {

    private static final String SUFFIX = " handler";
    private static final long PAUSE = 50;

    private final Thread hook = Thread.ofPlatform().name("caps run").unstarted(this::forward);
    private @Nullable Process child; // null until one is started

    private Forwarding() {
    }

    /** Starts forwarding. From now on no signal is lost: a signal before the start of the child waits for that start. */
    static Forwarding begin() {
        Forwarding forwarding = new Forwarding();
        Runtime.getRuntime().addShutdownHook(forwarding.hook);
        return forwarding;
    }

    synchronized Process start(Launcher launcher) throws IOException {
        Process started = launcher.start();
        child = started;
        return started;
    }

    /** Stops forwarding, because there is no child or the child has ended. */
    void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running, and ends this process.
        }
    }

    private synchronized void forward() {
        if (child != null) {
            forward(child);
        }
    }

    private void forward(Process child) {
        boolean skipsOne = isFromTheTerminal();
        Set<Thread> told = new HashSet<>();
        try {
            do {
                for (Thread handler : handlers()) {
                    if (told.add(handler) && !(skipsOne && signal(handler).equals("INT"))) {
                        send(child, signal(handler));
                    }
                    skipsOne &= !signal(handler).equals("INT");
                }
                if (told.add(hook) && told.size() == 1) {
                    child.destroy(); // this JVM exits without a signal
                }
            } while (!child.waitFor(PAUSE, TimeUnit.MILLISECONDS));
            Runtime.getRuntime().halt(child.exitValue());
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** The threads that the JVM runs for signals, one each. While the JVM ends, these threads stay. */
    private static List<Thread> handlers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("SIG") && thread.getName().endsWith(SUFFIX)).toList();
    }

    private static String signal(Thread handler) {
        return handler.getName().substring(3, handler.getName().length() - SUFFIX.length());
    }

    private static void send(Process child, String signal) {
        try {
            if (signal.equals("TERM")) {
                child.destroy();
            } else {
                new ProcessBuilder("sh", "-c", "kill -" + signal + " " + child.pid()).start().waitFor();
            }
        } catch (IOException | InterruptedException e) {
            child.destroy();
        }
    }

    /**
     * Whether this process is in the foreground process group, fields 5 and 8 of proc_pid_stat(5). A terminal sends SIGINT to
     * that whole group, and thus to the child too.
     */
    private static boolean isFromTheTerminal() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[2].equals(fields[5]);
        } catch (IOException e) {
            return false;
        }
    }
}
