package example.jetty;

import example.chores.Chores;
import example.chores.Operator;
import java.net.InetSocketAddress;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Scope;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;

/** Jetty, which becomes nobody while it serves port 80. */
public final class JettyServer {

    private static final class Hello extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            Content.Sink.write(response, true, Chores.answer(Request.getPathInContext(request)), callback);
            return true;
        }
    }

    private JettyServer() {
    }

    public static void main(String[] args) throws Exception {
        Server server = new Server(new InetSocketAddress(args[0], 80));
        server.setHandler(new Hello());
        server.start();
        Operator.reached("started"); // only for the test
        CapabilitySet port = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        Caps.begin(Scope.PROCESS).dropExcept(port, Caps.identityOf("nobody"));
        Operator.reached("dropped");
        server.getConnectors()[0].stop();
        Operator.awaitClosed(args[0]);
        server.getConnectors()[0].start();
        Operator.reached("rebound");
        server.stop();
    }
}
