package bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;

/**
 * The first use of the library in a server that already runs. Prints the microseconds of {@code begin}, of {@code drop}
 * and of both.
 *
 * <p>The server has answered some hundred requests with a pool of threads. Nothing of the library is loaded before the
 * clock starts.
 */
final class FirstDrop {

    private static final int POOL = 20;
    /** Enough for the pool to start all its threads. */
    private static final int REQUESTS = 500;
    /** Lets the compiler finish what the requests made hot. */
    private static final long SETTLE_MILLIS = 500;

    private FirstDrop() {
    }

    /** Argument: the prefix of the names that are printed. */
    public static void main(String[] args) throws Exception {
        HttpServer server = serve();
        Thread.sleep(SETTLE_MILLIS);
        int threads = Threads.count();
        long began = System.nanoTime();
        Phase.Initial initial = Caps.begin(Scope.PROCESS);
        long begun = System.nanoTime();
        initial.drop(Identity.of(Drop.NOBODY, Drop.NOBODY));
        long dropped = System.nanoTime();
        Threads.requireDropped(Drop.NOBODY);
        System.out.println(args[0] + ".begin " + (begun - began) / 1_000);
        System.out.println(args[0] + ".drop " + (dropped - begun) / 1_000);
        System.out.println(args[0] + ".first " + (dropped - began) / 1_000);
        System.out.println(args[0] + ".threads " + threads);
        server.stop(0);
        System.exit(0);
    }

    /** {@return a server that has answered} */
    private static HttpServer serve() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newFixedThreadPool(POOL));
        server.createContext("/", exchange -> {
            byte[] body = ("You asked for " + exchange.getRequestURI()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Semaphore answered = new Semaphore(0);
        try (ExecutorService clients = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < REQUESTS; i++) {
                URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + i);
                clients.submit(() -> {
                    get(uri);
                    answered.release();
                    return null;
                });
            }
        }
        if (answered.availablePermits() != REQUESTS) {
            throw new IllegalStateException(answered.availablePermits() + " requests were answered");
        }
        return server;
    }

    private static void get(URI uri) throws IOException {
        try (var in = uri.toURL().openStream()) {
            in.readAllBytes();
        }
    }
}
