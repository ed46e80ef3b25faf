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
 * Hands on to a child the signals that end a JVM, and ends as the child does. The JDK shows no signal to a program: it
 * runs shutdown hooks while a thread named after the signal waits for them.
 */
final class Forwarding {

    private static final String SUFFIX = " handler";
    private static final long PAUSE = 50;

    private final Thread hook = Thread.ofPlatform().name("caps run").unstarted(this::forward);
    private @Nullable Process child; // null where none could be started

    private Forwarding() {
    }

    /** From here on no signal is lost: one that comes before the child runs waits for that. */
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

    /** There is no child, or none any more. */
    void end() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is running, and ends this process by itself.
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
                    child.destroy(); // no signal, but an exit from within
                }
            } while (!child.waitFor(PAUSE, TimeUnit.MILLISECONDS));
            Runtime.getRuntime().halt(child.exitValue());
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    /** The JVM has a thread for each signal that it gets; while it ends, those after the first stay. */
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

    /** A terminal sends it to everyone in the foreground, the child included: fields 5 and 8 of proc_pid_stat(5). */
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
