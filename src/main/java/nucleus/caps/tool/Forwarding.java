package nucleus.caps.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import nucleus.caps.Launcher;

/**
 * Hands on to a child the signals that end a JVM, and ends as the child does. The JDK shows no signal to a program: it
 * runs shutdown hooks while a thread named after the signal waits for them.
 */
final class Forwarding {

    private static final String SUFFIX = " handler";

    private final Thread hook = Thread.ofPlatform().name("caps run").unstarted(this::forward);
    private Process child; // null where none could be started

    private Forwarding() {
    }

    /** From here on no signal is lost: one that comes before the child runs waits for that. */
    static Forwarding begin() {
        Forwarding forwarding = new Forwarding();
        Runtime.getRuntime().addShutdownHook(forwarding.hook);
        return forwarding;
    }

    synchronized Process start(Launcher launcher) throws IOException {
        child = launcher.start();
        return child;
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
        if (child == null) {
            return;
        }
        String signal = signal();
        if (!(signal.equals("INT") && isFromTheTerminal())) {
            send(signal);
        }
        try {
            Runtime.getRuntime().halt(child.waitFor());
        } catch (InterruptedException e) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static String signal() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("SIG") && name.endsWith(SUFFIX))
                .map(name -> name.substring(3, name.length() - SUFFIX.length())).findFirst().orElse("TERM");
    }

    private void send(String signal) {
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
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return fields[2].equals(fields[5]);
        } catch (IOException e) {
            return false;
        }
    }
}
