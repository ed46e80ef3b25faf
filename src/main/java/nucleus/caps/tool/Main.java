package nucleus.caps.tool;

import java.util.Arrays;

/** The {@code caps} command. */
public final class Main {

    private static final String VERBOSE = "-v";
    private static final String LOG = "nucleus.caps.log";

    private Main() {
    }

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args the command's words; {@code -v} before them prints the library's log on standard error
     */
    public static void main(String[] args) {
        boolean verbose = args.length > 0 && args[0].equals(VERBOSE);
        log(verbose);
        String[] words = verbose ? Arrays.copyOfRange(args, 1, args.length) : args;
        boolean runs = words.length > 0 && words[0].equals("run");
        System.exit(new CapsTool(true).run(System.out, System.err, runs ? StartState.exact(words) : words));
    }

    /** Without a level of the user, logs nothing, or everything to standard error. */
    static void log(boolean verbose) {
        if (System.getProperty(LOG) == null) {
            System.setProperty(LOG, verbose ? "debug" : "off");
        }
    }
}
