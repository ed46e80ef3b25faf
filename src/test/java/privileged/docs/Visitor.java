package privileged.docs;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to a server. It tries nothing twice, as the clients of the JDK do. */
final class Visitor implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("(?mi)^content-length: *(\\d+)");
    private static final Pattern LAST = Pattern.compile("(?mi)^connection: *close");
    private static final int PATIENCE = 20_000; // milliseconds

    private final Socket socket = new Socket();
    private final InputStream answers;
    private boolean last;

    Visitor() {
        try {
            socket.connect(new InetSocketAddress(Server.ADDRESS, 80), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            socket.setTcpNoDelay(true);
            answers = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the body of the answer to one request on a new connection} */
    static String once(String path) throws IOException {
        try (Visitor visitor = new Visitor()) {
            return visitor.ask(path);
        }
    }

    String ask(String path) throws IOException {
        send(path);
        return answer();
    }

    void send(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    }

    String answer() throws IOException {
        String head = head();
        Matcher length = LENGTH.matcher(head);
        if (!head.matches("(?s)HTTP/1.1 200[ \r].*") || !length.find()) {
            throw new IOException(head);
        }
        last = LAST.matcher(head).find();
        return new String(answers.readNBytes(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
    }

    /** Servers end a connection after a number of requests, and say so. */
    boolean isOpen() {
        return !last;
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            int next = answers.read();
            if (next < 0) {
                throw new EOFException("the server ended the connection after: " + head);
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
