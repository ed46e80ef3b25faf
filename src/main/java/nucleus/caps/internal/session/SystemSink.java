package nucleus.caps.internal.session;

import java.lang.System.Logger.Level;

/** What the application chose for {@link System.Logger}: java.util.logging by default. */
final class SystemSink implements Sink {

    private final System.Logger logger = System.getLogger(NAME);

    @Override
    public void log(Level level, String message) {
        logger.log(level, message);
    }
}
