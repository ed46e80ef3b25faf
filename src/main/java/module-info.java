/**
 * Linux capabilities for the JVM: from root to least privilege, in an order that the compiler enforces, and verified.
 */
module nucleus.caps {
    requires org.apache.logging.log4j;

    exports nucleus.caps;

    provides java.util.spi.ToolProvider with nucleus.caps.tool.CapsTool;
}
