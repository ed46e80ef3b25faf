package bench;

import org.apache.logging.log4j.LogManager;

/** One logger of log4j-api, asked once. */
final class OneLogger {

    private OneLogger() {
    }

    public static void main(String[] args) {
        LogManager.getLogger("bench").debug("ready");
    }
}
