package example.classpath;

import java.net.ServerSocket;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** Becomes nobody first, and opens a port below 1024 afterwards. */
public final class Server {

    private Server() {
    }

    public static void main(String[] args) throws Exception {
        CapabilitySet keep = CapabilitySet.of(Capability.CAP_NET_BIND_SERVICE);
        try {
            Caps.begin(Scope.PROCESS).dropExcept(keep, Identity.of(65534, 65534));
        } catch (CapsException e) {
            System.err.println("server: " + e.getMessage());
            System.exit(1);
        }
        try (ServerSocket socket = new ServerSocket(Integer.parseInt(args[0]))) {
            System.out.println("listening on port " + socket.getLocalPort());
            new ProcessBuilder("cat").inheritIO().start().waitFor();
        }
    }
}
