package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;

/**
 * A listening socket with a random abstract name, unix(7), for one child. Every process of the network namespace can see the
 * name in /proc/net/unix and connect. So the socket accepts only the process that has the id of the child and sends the
 * secret of its image. After the end of the child, another process could have the id.
 */
final class AbstractSocket implements AutoCloseable {

    private static final int RANDOM = 16;

    /** The most connections that can wait. Those of other processes may be among them. */
    private static final int BACKLOG = 4096;

    private final byte[] address = address();
    private final byte[] secret = random();
    private final int listening = Sockets.listen(address, BACKLOG);

    private static byte[] address() {
        byte[] name = ("nucleus.caps." + HexFormat.of().formatHex(random())).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Short.BYTES + 1 + name.length).order(ByteOrder.nativeOrder())
                .putShort((short) Sockets.AF_UNIX).put((byte) 0).put(name).array();
    }

    private static byte[] random() {
        byte[] bytes = new byte[RANDOM];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** {@return the calls by which a child connects through a socket of its own} */
    List<Instruction> connect(SocketCalls calls, int own) {
        return List.of(calls.connect(own, address), calls.write(own, secret), calls.waitAt(own));
    }

    /**
     * {@return the connection of a child that has connected} Connections of other processes are closed.
     *
     * @throws CapsException if that connection is not there
     */
    int accept(long pid) {
        for (int i = 0; i <= BACKLOG; i++) {
            int connection = Sockets.accept(listening);
            if (Errno.EAGAIN.is(connection)) {
                break;
            }
            if (isOfChild(connection, pid)) {
                return connection;
            }
            Descriptors.close(connection);
        }
        throw Errno.NONE.exception("accept4(AF_UNIX)", "the child's connection is not there");
    }

    private boolean isOfChild(int connection, long pid) {
        return Sockets.peer(connection) == pid
                && MessageDigest.isEqual(secret, Sockets.waiting(connection, secret.length));
    }

    @Override
    public void close() {
        Descriptors.close(listening);
    }
}
