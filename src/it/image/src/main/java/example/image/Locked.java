package example.image;

import java.net.ServerSocket;
import nucleus.caps.Caps;
import nucleus.caps.Scope;

/** A server that is started as an ordinary user. */
public final class Locked {

    private Locked() {
    }

    public static void main(String[] args) throws Exception {
        try (ServerSocket socket = new ServerSocket(Integer.parseInt(args[0]))) {
            Caps.begin(Scope.PROCESS).lockUnprivileged();
            System.out.println("listening on port " + socket.getLocalPort());
            System.in.read();
        }
    }
}
