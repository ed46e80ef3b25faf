package example.tomcat;

import example.chores.Chores;
import example.chores.Operator;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/** Tomcat, which becomes nobody while it serves port 80. */
public final class TomcatServer {

    @SuppressWarnings("serial")
    private static final class Hello extends HttpServlet {
        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException {
            try {
                response.getWriter().print(Chores.answer(request.getServletPath()));
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new ServletException(e);
            }
        }
    }

    private TomcatServer() {
    }

    public static void main(String[] args) throws Exception {
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir") + "/tomcat");
        tomcat.setConnector(connector(args[0]));
        Context context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "hello", new Hello()).addMapping("/");
        tomcat.start();
        Operator.reached("started"); // only for the test
        CapabilitySet port = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Caps.begin(Scope.PROCESS).dropExcept(port, Caps.identityOf("nobody"));
        Operator.reached("dropped");
        Connector connector = tomcat.getConnector();
        tomcat.getService().removeConnector(connector);
        connector.destroy();
        Operator.awaitClosed(args[0]);
        tomcat.setConnector(connector(args[0]));
        Operator.reached("rebound");
        tomcat.stop();
        tomcat.destroy();
    }

    private static Connector connector(String address) {
        Connector connector = new Connector();
        connector.setProperty("address", address);
        connector.setPort(80);
        return connector;
    }
}
