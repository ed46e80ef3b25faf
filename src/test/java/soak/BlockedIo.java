package soak;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/** One thread in each kind of call that waits for somebody outside. */
final class BlockedIo {

    private static final int SENT = 42;
    private static final String DONE = "done";

    private BlockedIo() {
    }

    static List<Blocked> start() throws IOException {
        return List.of(accept(), read(), acceptOfChannel(), readOfChannel(), receive(), select(), pipe(),
                waitFor(), readOfProcess());
    }

    private static Blocked accept() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        return new Blocked("accept", DONE, () -> {
            server.accept().close();
            return DONE;
        }, _ -> connect(server).close());
    }

    private static Blocked read() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket here = connect(server);
        Socket there = server.accept();
        return new Blocked("read", SENT, () -> here.getInputStream().read(), _ -> there.getOutputStream().write(SENT));
    }

    private static Socket connect(ServerSocket server) throws IOException {
        return new Socket(server.getInetAddress(), server.getLocalPort());
    }

    private static Blocked acceptOfChannel() throws IOException {
        ServerSocketChannel server = channel();
        return new Blocked("accept of a channel", DONE, () -> {
            server.accept().close();
            return DONE;
        }, _ -> SocketChannel.open(server.getLocalAddress()).close());
    }

    private static Blocked readOfChannel() throws IOException {
        ServerSocketChannel server = channel();
        SocketChannel here = SocketChannel.open(server.getLocalAddress());
        SocketChannel there = server.accept();
        return new Blocked("read of a channel", 1, () -> here.read(ByteBuffer.allocate(9)), _ -> send(there));
    }

    private static ServerSocketChannel channel() throws IOException {
        return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static void send(WritableByteChannel channel) throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {SENT}));
    }

    private static Blocked receive() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramPacket packet = new DatagramPacket(new byte[9], 9);
        return new Blocked("receive", 1, () -> {
            socket.receive(packet);
            return packet.getLength();
        }, _ -> {
            try (DatagramSocket other = new DatagramSocket()) {
                other.send(new DatagramPacket(new byte[] {SENT}, 1, socket.getLocalSocketAddress()));
            }
        });
    }

    private static Blocked select() throws IOException {
        Selector selector = Selector.open();
        Pipe pipe = Pipe.open();
        pipe.source().configureBlocking(false).register(selector, SelectionKey.OP_READ);
        return new Blocked("select", 1, () -> selector.select(), _ -> send(pipe.sink()));
    }

    private static Blocked pipe() throws IOException {
        Pipe pipe = Pipe.open();
        return new Blocked("read of a pipe", 1, () -> pipe.source().read(ByteBuffer.allocate(9)),
                _ -> send(pipe.sink()));
    }

    /** cat ends when its input does, so none is left behind. */
    private static Blocked waitFor() throws IOException {
        Process cat = new ProcessBuilder("cat").start();
        return new Blocked("Process.waitFor", 0, cat::waitFor, _ -> cat.getOutputStream().close());
    }

    private static Blocked readOfProcess() throws IOException {
        Process cat = new ProcessBuilder("cat").start();
        return new Blocked("read from a process", SENT, () -> cat.getInputStream().read(), _ -> {
            cat.getOutputStream().write(SENT);
            cat.getOutputStream().close();
        });
    }
}
