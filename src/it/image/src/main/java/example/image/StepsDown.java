package example.image;

import java.net.ServerSocket;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** A server that is started as root with four capabilities. */
public final class StepsDown {

    private StepsDown() {
    }

    public static void main(String[] args) throws Exception {
        try (ServerSocket socket = new ServerSocket(Integer.parseInt(args[0]))) {
            Caps.begin(Scope.PROCESS).drop(Identity.of(65532, 65532));
            System.out.println("listening on port " + socket.getLocalPort());
            System.in.read();
        }
    }
}
