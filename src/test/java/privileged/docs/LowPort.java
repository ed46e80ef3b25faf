package privileged.docs;

import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;

/** A port that only CAP_NET_BIND_SERVICE opens, and that nobody uses. */
final class LowPort {

    static final int FREE = free(1024);

    private LowPort() {
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
