package privileged.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Two clients that never stop asking: one keeps its connection, and one makes a new connection for each request. */
final class Visits implements AutoCloseable {

    private static final int PATIENCE = 30; // seconds

    private final AtomicInteger kept = new AtomicInteger();
    private final AtomicInteger made = new AtomicInteger();
    private volatile boolean ending;
    private final CompletableFuture<Void> both =
            CompletableFuture.allOf(client(this::keepConnection), client(this::makeConnections));

    private interface Client {
        void run() throws IOException;
    }

    private CompletableFuture<Void> client(Client client) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                client.run();
                end.complete(null);
            } catch (Throwable e) {
                ending = true; // for the other client too
                end.completeExceptionally(e);
            }
        });
        return end;
    }

    private void keepConnection() throws IOException {
        while (!ending) {
            try (Visitor visitor = new Visitor()) {
                while (!ending && visitor.isOpen()) {
                    assertThat(visitor.ask("/")).isEqualTo("hello");
                    kept.incrementAndGet();
                }
            }
        }
    }

    private void makeConnections() throws IOException {
        while (!ending) {
            assertThat(Visitor.once("/")).isEqualTo("hello");
            made.incrementAndGet();
        }
    }

    /** Waits until each client has got so many more answers. */
    void more(int answers) throws Exception {
        int keptThen = kept.get() + answers;
        int madeThen = made.get() + answers;
        long began = System.nanoTime();
        while (kept.get() < keptThen || made.get() < madeThen) {
            if (both.isCompletedExceptionally()) {
                both.get();
            }
            assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(PATIENCE));
            Thread.sleep(5);
        }
    }

    int answered() {
        return kept.get() + made.get();
    }

    /** Stops asking. Throws if a request failed. */
    @Override
    public void close() {
        ending = true;
        both.orTimeout(PATIENCE, TimeUnit.SECONDS).join();
    }
}
