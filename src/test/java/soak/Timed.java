package soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A thread that makes a call with a timeout, again and again: a call may not end before its time. */
final class Timed {

    private static final int MILLIS = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static volatile boolean stop;

    /** Held here: a socket that nobody holds is closed, and its other end is at the end of its stream. */
    private static Socket silent;

    /** A call that takes {@link #MILLIS}. */
    private interface Call {
        void run() throws Exception;
    }

    private final String name;
    private final boolean mayReturn;
    private final Thread thread;

    private Timed(String name, boolean mayReturn, Call call) {
        this.name = name;
        this.mayReturn = mayReturn;
        thread = Thread.ofPlatform().daemon().name(name).start(() -> repeat(call));
    }

    static List<Timed> start() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort());
        silent = server.accept();
        server.setSoTimeout(MILLIS);
        socket.setSoTimeout(MILLIS);
        Selector selector = Selector.open();
        Object monitor = new Object();
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        return List.of(
                new Timed("accept with a timeout", false, () -> timesOut(server::accept)),
                new Timed("read with a timeout", false, () -> timesOut(() -> socket.getInputStream().read())),
                new Timed("select with a timeout", false, () -> selector.select(MILLIS)),
                new Timed("sleep of a time", false, () -> Thread.sleep(MILLIS)),
                new Timed("poll with a timeout", false, () -> queue.poll(MILLIS, TimeUnit.MILLISECONDS)),
                new Timed("parkNanos", true, () -> LockSupport.parkNanos(MILLIS * 1_000_000L)),
                new Timed("Object.wait with a timeout", true, () -> {
                    synchronized (monitor) {
                        monitor.wait(MILLIS);
                    }
                }));
    }

    private static void timesOut(Call call) throws Exception {
        try {
            call.run();
            Diary.anomaly("a call returned that was to time out");
        } catch (SocketTimeoutException e) {
            Diary.count("time-outs of sockets");
        }
    }

    private void repeat(Call call) {
        try {
            while (!stop) {
                long began = System.nanoTime();
                call.run();
                long took = System.nanoTime() - began;
                Diary.count("timed calls");
                if (took < MILLIS * 1_000_000L) {
                    early(took);
                }
            }
        } catch (Exception e) {
            Diary.anomaly(name + ": " + e);
        }
    }

    private void early(long took) {
        if (mayReturn) {
            Diary.count("spurious return of " + name);
        } else {
            Diary.anomaly(name + " took " + took + " ns, less than " + MILLIS + " ms");
        }
    }

    static void end(List<Timed> calls) throws InterruptedException {
        stop = true;
        for (Timed call : calls) {
            if (!call.thread.join(PATIENCE)) {
                Diary.anomaly(call.name + " hangs");
            }
        }
    }
}
