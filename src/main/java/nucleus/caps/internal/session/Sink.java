package nucleus.caps.internal.session;

import java.lang.System.Logger.Level;
import java.util.ServiceConfigurationError;

/** Where the log goes: to standard error, to the log4j of the application, or to its {@link System.Logger}. */
interface Sink {

    /** The name of the logger, and the start of a line on standard error. */
    String NAME = "nucleus.caps";

    void log(Level level, String message);

    /** {@return whether it writes no message of that level} False if only a logger of the application knows. */
    default boolean omits(Level level) {
        return false;
    }

    /** {@return the sink that the system property names, or the logger of the application} */
    static Sink choose() {
        String level = System.getProperty("nucleus.caps.log");
        if (level != null) {
            return StandardErrorSink.from(level);
        }
        try {
            if (Log4jSink.hasProvider()) {
                return new Log4jSink();
            }
        } catch (LinkageError | ServiceConfigurationError e) {
            return new SystemSink(); // log4j-api is missing, or cannot be used
        }
        return new SystemSink();
    }
}
