package nucleus.caps.internal.session;

/** Ends the JVM at once, with one line on standard error. */
public final class Halt {

    /** EX_NOPERM of sysexits(3). */
    private static final int STATUS = 77;

    private Halt() {
    }

    /** {@return nothing: the JVM ends, even if the line cannot be written} The type lets a caller throw it. */
    public static Error because(Throwable e) {
        try {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            System.err.println("nucleus.caps: not dropped: " + message.replaceAll("\\R", " "));
        } finally {
            Runtime.getRuntime().halt(STATUS);
        }
        return new AssertionError(e);
    }
}
