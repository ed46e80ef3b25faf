import org.jspecify.annotations.NullMarked;

/**
 * Linux capabilities for the JVM: drops from root to least privilege, in an order that the compiler enforces, and verifies
 * the result.
 */
@NullMarked module nucleus.caps {
    requires static jdk.jfr;
    requires static org.apache.logging.log4j;
    requires static org.jspecify;

    exports nucleus.caps;
    exports nucleus.caps.agent to java.instrument; // calls premain

    uses org.apache.logging.log4j.spi.Provider;

    provides java.util.spi.ToolProvider with nucleus.caps.tool.CapsTool;
}
