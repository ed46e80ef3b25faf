package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import jdk.jfr.Recording;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.OutsideStatus;
import privileged.harness.Privileged;
import privileged.harness.ProcTasks;

/** A JVM that has long been at work when it drops: no thread keeps anything, and all of them go on working. */
@Privileged
class BusyJvmIT {

    private static final int REQUESTS = 40;

    static final class Serves implements ChildScenario {

        private final ExecutorService pool = Executors.newFixedThreadPool(8);
        private final ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
        private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2);
        private HttpServer server;

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(pool);
            server.createContext("/", exchange -> {
                long result = work(exchange.getRequestURI().getPath().length());
                byte[] body = Long.toString(result).getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
                exchange.close();
            });
            server.start();
            try (Recording recording = new Recording()) {
                recording.enable("jdk.ExecutionSample");
                recording.enable("jdk.ThreadStart");
                recording.start();
                serve();
                points.at("at work");
                Future<?> compiling = pool.submit(() -> burst());
                Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY));
                points.at("dropped");
                compiling.get();
                serve();
                points.at("at work again");
                pool.submit(() -> points.at("in the pool")).get();
                ForkJoinPool.commonPool().submit(() -> points.at("in the common pool")).get();
                timer.submit(() -> points.at("in the timer")).get();
                recording.stop();
            }
            server.stop(0);
            pool.shutdown();
            timer.shutdown();
        }

        /** Everybody has something to do, and comes to the right result. */
        private void serve() throws Exception {
            List<Callable<Long>> tasks = Collections.nCopies(REQUESTS, this::request);
            for (ExecutorService executor : List.of(virtual, timer, ForkJoinPool.commonPool())) {
                for (Future<Long> result : executor.invokeAll(tasks)) {
                    require(result.get());
                }
            }
            require(LongStream.range(0, 64).parallel().map(i -> work(1)).max().orElseThrow());
            timer.schedule(() -> work(1), 1, TimeUnit.MILLISECONDS).get();
        }

        private long request() throws IOException {
            try (var in = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/").toURL().openStream()) {
                return Long.parseLong(new String(in.readAllBytes(), StandardCharsets.US_ASCII));
            }
        }

        private static void require(long result) {
            if (result != work(1)) {
                throw new IllegalStateException(result + " is wrong");
            }
        }

        private static long work(int seed) {
            return LongStream.range(0, 1_000).map(i -> i * i % 97 + seed).sum();
        }

        /** Much that the compilers have not seen before. */
        private static void burst() {
            for (int i = 0; i < 20_000; i++) {
                String text = "%d %s".formatted(i, Integer.toHexString(i)).toUpperCase(Locale.ROOT);
                if (text.chars().sorted().distinct().count() == 0 || text.matches("[a-z]+")) {
                    throw new IllegalStateException(text);
                }
            }
        }
    }

    @Test
    void dropsEveryThreadOfABusyJvm() {
        try (ObservedChild child =
                ObservedChild.of(Serves.class).option("-XX:TieredStopAtLevel=4").option("-XX:-UseSerialGC").option("-XX:+UseG1GC")
                        .option("-Xlog:disable").start().together()) {
            assertThat(child.at("at work")).isEqualTo(child.start());
            assertThat(ProcTasks.of(child.process())).hasSizeGreaterThan(30);
            OutsideStatus nobody = child.start().holdingOnly(0).as(NOBODY, NOBODY).withNoNewPrivs();
            assertThat(child.at("dropped")).isEqualTo(nobody);
            assertThat(child.at("at work again")).isEqualTo(nobody);
            assertThat(child.at("in the pool")).isEqualTo(nobody);
            assertThat(child.at("in the common pool")).isEqualTo(nobody);
            assertThat(child.at("in the timer")).isEqualTo(nobody);
        }
    }
}
