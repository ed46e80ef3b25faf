package nucleus.caps.tool;

/** The {@code caps} command. */
public final class Main {

    private Main() {
    }

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param args the command's words
     */
    public static void main(String[] args) {
        System.exit(new CapsTool().run(System.out, System.err, args));
    }
}
