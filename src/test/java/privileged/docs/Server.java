package privileged.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import privileged.harness.Modules;

/** The servers of src/it/servers, with collectors and transports. */
enum Server {

    JETTY_G1("Jetty, G1", "UseG1GC", "jetty", "example.jetty.JettyServer"),
    JETTY_Z("Jetty, ZGC", "UseZGC", "jetty", "example.jetty.JettyServer"),
    JETTY_SERIAL("Jetty, Serial", "UseSerialGC", "jetty", "example.jetty.JettyServer"),
    TOMCAT_G1("Tomcat, G1", "UseG1GC", "tomcat", "example.tomcat.TomcatServer"),
    TOMCAT_Z("Tomcat, ZGC", "UseZGC", "tomcat", "example.tomcat.TomcatServer"),
    TOMCAT_SERIAL("Tomcat, Serial", "UseSerialGC", "tomcat", "example.tomcat.TomcatServer"),
    BOOT("Spring Boot", "UseG1GC", "boot", "example.boot.BootServer"),
    NETTY_NIO("Netty, NIO", "UseG1GC", "netty", "example.netty.NettyServer", "NIO", ""),
    NETTY_EPOLL("Netty, epoll", "UseG1GC", "netty", "example.netty.NettyServer", "EPOLL", ""),
    NETTY_RINGS_ALLOWED("Netty, io_uring, `allowIoUring()`", "UseG1GC", "netty", "example.netty.NettyServer", "IO_URING",
            "allowed"),
    NETTY_RINGS_LATER("Netty, io_uring, rings made after the drop", "UseG1GC", "netty", "example.netty.NettyServer", "IO_URING",
            "later"),
    NETTY_RINGS("Netty, io_uring", "UseG1GC", "netty", "example.netty.NettyServer", "IO_URING", "");

    /** Nothing else listens on port 80 there: scripts/test-servers makes a network namespace. */
    static final String ADDRESS = "127.0.0.1";

    /** As the page has it. */
    final String label;
    private final String collector;
    private final String module;
    private final List<String> rest;

    Server(String label, String collector, String module, String... rest) {
        this.label = label;
        this.collector = collector;
        this.module = module;
        this.rest = List.of(rest);
    }

    List<String> command() {
        String target = Modules.servers().resolve(module).resolve("target").toString();
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+" + collector, "-Djava.io.tmpdir=" + Modules.directory("rwxrwxrwx"), "--enable-native-access=ALL-UNNAMED",
                "-cp", target + "/classes:" + target + "/lib/*",
                rest.getFirst(), ADDRESS));
        command.addAll(rest.subList(1, rest.size()));
        return command;
    }

    boolean servesBeforeTheDrop() {
        return this != NETTY_RINGS_LATER;
    }
}
