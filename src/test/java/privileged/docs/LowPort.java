package privileged.docs;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;

/** A port that only CAP_NET_BIND_SERVICE opens, and that nobody uses. */
final class LowPort {

    /** Two JVMs that run tests at the same time begin at different ports. */
    private static final int BELOW = 1024 - (int) (ProcessHandle.current().pid() * 37 % 200);

    static final int FREE = free(BELOW);

    private LowPort() {
    }

    static int free() {
        return free(BELOW);
    }

    /** The next free one below another. 0 where there is none: whoever needs one has said that it needs the capability. */
    static int free(int below) {
        for (int port = below - 1; port > 600; port--) {
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                continue;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
        return 0;
    }
}
