package nucleus.caps.internal.session;

import java.util.ServiceLoader;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.spi.Provider;
import org.apache.logging.log4j.util.PropertiesUtil;

/** The log4j of the application. The only class that needs log4j-api. */
final class Log4jSink implements Sink {

    private final Logger logger = LogManager.getLogger(NAME);

    /**
     * {@return whether the application has more of log4j than its API} Without a provider, log4j-api logs nothing, and
     * prints an error when it is initialised. This method does not initialise it.
     */
    static boolean hasProvider() {
        return PropertiesUtil.getProperties().getStringProperty("log4j.provider") != null
                || ServiceLoader.load(Provider.class, Provider.class.getClassLoader()).iterator().hasNext();
    }

    @Override
    public void log(System.Logger.Level level, String message) {
        logger.log(level == System.Logger.Level.WARNING ? Level.WARN : Level.valueOf(level.name()), message);
    }
}
