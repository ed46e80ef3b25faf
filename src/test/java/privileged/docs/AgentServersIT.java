package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static privileged.docs.AgentRun.NOBODY_ON_PORTS;
import static privileged.docs.AgentRun.PATIENCE;
import static privileged.docs.AgentRun.dropped;
import static privileged.docs.AgentRun.everyThread;
import static privileged.docs.AgentRun.hasDropped;
import static privileged.docs.AgentRun.java;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Modules;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.SameInContainers;

/** The agent drops servers that nobody changed, while they serve. */
@Privileged(also = CapMasks.NET_BIND_SERVICE)
@SameInContainers
class AgentServersIT {

    private static final String JSP_SERVLET = "<servlet-class>org.apache.jasper.servlet.JspServlet</servlet-class>";

    /** A port that no earlier program still holds. */
    private final int port = LowPort.free();
    private final String listening = "=" + NOBODY_ON_PORTS + ",at=listening:" + port;

    @Test
    void dropsTheServerOfTheJdk() throws Exception {
        Path site = site();
        serves(java(listening, "-m", "jdk.httpserver", "-b", "127.0.0.1", "-p", Integer.toString(port), "-d",
                site.toString()));
    }

    @Test
    void dropsJetty() throws Exception {
        Path base = Modules.directory("rwxr-xr-x");
        Files.createDirectory(base.resolve("webapps"));
        Files.move(site(), base.resolve("webapps").resolve("ROOT"));
        Path home = home("jetty-home");
        serves(java(listening, "-jar", home + "/start.jar", "jetty.home=" + home, "jetty.base=" + base,
                "jetty.http.host=127.0.0.1", "jetty.http.port=" + port, "--modules=http,ee10-deploy"));
    }

    /** Tomcat opens its port, starts the web applications, and then answers. The drop comes meanwhile. */
    @Test
    void dropsTomcat() throws Exception {
        serves(tomcat(port + ""));
    }

    /** A page of the web application opens the last port when it is asked for. So all is known that happens before the drop. */
    @Test
    void dropsTomcatWhileItServes() throws Exception {
        int last = LowPort.free(port);
        try (ConsumerProcess program = new ConsumerProcess(tomcat(port + "," + last))) {
            awaitAnswer(program);
            assertThat(OutsideStatus.parse(get("/state.jsp"))).isEqualTo(OutsideStatus.mine());
            everyThread(program, OutsideStatus.mine());
            assertThat(hasDropped(program)).isFalse();
            assertThat(get("/listen.jsp?port=" + last)).isEqualTo("listening");
            for (int after = 0; after < 50; after += hasDropped(program) ? 1 : 0) {
                assertThat(get("/index.html")).isEqualTo("hello");
            }
            assertThat(OutsideStatus.parse(get("/state.jsp"))).isEqualTo(dropped());
            everyThread(program, dropped());
            assertThat(status("/late.jsp")).as("the directory of compiled pages is root's").isEqualTo(500);
            assertThat(program.errors()).anyMatch(line -> line.startsWith("nucleus.caps: warning: the open file ")
                    && line.contains("/logs/catalina."));
        }
    }

    /** Its own script starts it. Only the port, which is another one for each test, is not that of the distribution. */
    private List<String> tomcat(String ports) throws IOException {
        Path home = home("apache-tomcat");
        Path base = Modules.directory("rwxr-xr-x");
        for (String name : List.of("conf", "webapps", "logs", "temp", "work")) {
            Files.createDirectory(base.resolve(name));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf"))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        Path server = base.resolve("conf/server.xml");
        Files.writeString(server, Files.readString(server).replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"" + port + "\"")
                .replace("<Server port=\"8005\"", "<Server port=\"-1\""));
        // By default, Tomcat checks a compiled page again after four seconds. After the drop it cannot see the class file.
        Path web = base.resolve("conf/web.xml");
        assertThat(web).content().containsOnlyOnce(JSP_SERVLET);
        Files.writeString(web, Files.readString(web).replace(JSP_SERVLET, JSP_SERVLET + "<init-param><param-name>development"
                + "</param-name><param-value>false</param-value></init-param>"));
        Path site = base.resolve("webapps").resolve("ROOT");
        Files.move(site(), site);
        Files.writeString(site.resolve("state.jsp"), "<%@ page import=\"java.nio.file.*\" %>"
                + "<%= Files.readString(Path.of(\"/proc/thread-self/status\")) %>");
        Files.writeString(site.resolve("listen.jsp"), "<% application.setAttribute(\"open\","
                + " new java.net.ServerSocket(Integer.parseInt(request.getParameter(\"port\")))); %>listening");
        Files.writeString(site.resolve("late.jsp"), "late");
        return List.of("env", "JAVA_HOME=" + System.getProperty("java.home"), "CATALINA_BASE=" + base,
                "CATALINA_OPTS=" + AgentRun.agent("=" + NOBODY_ON_PORTS + ",at=listening:" + ports), "sh",
                home.resolve("bin/catalina.sh").toString(), "run");
    }

    private static Path home(String name) throws IOException {
        try (Stream<Path> homes = Files.list(Path.of(Consumer.at("agent/target")))) {
            return homes.filter(path -> path.getFileName().toString().startsWith(name)).findFirst().orElseThrow();
        }
    }

    private HttpURLConnection connection(String path) throws IOException {
        return (HttpURLConnection) URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
    }

    private int status(String path) throws IOException {
        return connection(path).getResponseCode();
    }

    private String get(String path) throws IOException {
        try (var in = connection(path).getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void awaitAnswer(ConsumerProcess program) throws Exception {
        for (long start = System.nanoTime();; Thread.sleep(10)) {
            try {
                assertThat(get("/index.html")).isEqualTo("hello");
                return;
            } catch (ConnectException e) {
                assertThat(System.nanoTime() - start).as("%s", program.errors()).isLessThan(PATIENCE);
            }
        }
    }

    private static Path site() throws IOException {
        Path site = Files.createDirectory(Modules.directory("rwxr-xr-x").resolve("site"));
        Files.writeString(site.resolve("index.html"), "hello");
        return site;
    }

    /** Asks from the first moment until a while after the drop. Once the server has answered, no request fails. */
    private void serves(List<String> command) throws Exception {
        try (ConsumerProcess program = new ConsumerProcess(command)) {
            long start = System.nanoTime();
            int answered = 0;
            for (int after = 0; after < 50;) {
                try {
                    assertThat(get("/")).isEqualTo("hello");
                    answered++;
                } catch (ConnectException e) {
                    if (answered > 0 || System.nanoTime() - start > PATIENCE) {
                        fail("request " + answered + " failed: " + program.errors(), e);
                    }
                    Thread.sleep(10);
                }
                after += hasDropped(program) ? 1 : 0;
            }
            everyThread(program, dropped());
            assertThat(answered).isGreaterThanOrEqualTo(50);
        }
    }
}
