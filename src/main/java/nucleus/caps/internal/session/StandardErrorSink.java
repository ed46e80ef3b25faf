package nucleus.caps.internal.session;

import java.lang.System.Logger.Level;
import java.util.Locale;

/** One line on standard error for each message of a level or above. */
record StandardErrorSink(Level least) implements Sink {

    /** @param level the name of a level, in upper or lower case */
    static Sink from(String level) {
        try {
            return new StandardErrorSink(Level.valueOf(level.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            Sink all = new StandardErrorSink(Level.ALL);
            all.log(Level.WARNING, "the property nucleus.caps.log is none of debug, info, warning, error and off: " + level);
            return all;
        }
    }

    @Override
    public boolean omits(Level level) {
        return level.getSeverity() < least.getSeverity();
    }

    @Override
    public void log(Level level, String message) {
        if (!omits(level)) {
            System.err.println(NAME + ": " + level.name().toLowerCase(Locale.ROOT) + ": " + message);
        }
    }
}
