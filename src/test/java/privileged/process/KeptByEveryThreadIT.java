package privileged.process;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.NOBODY;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import org.junit.jupiter.api.Test;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;

/** A capability that a process keeps is kept by every thread. */
@Privileged
class KeptByEveryThreadIT {

    private static final long BIND = 1L << Capability.CAP_NET_BIND_SERVICE.number();
    private static final Identity SOMEBODY = Identity.of(NOBODY, NOBODY, 7);

    /** Every thread may still bind a low port, and none can change a file of root's. */
    static final class Keeps implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Path file = Path.of(args[0]);
            ExecutorService pool = Executors.newSingleThreadExecutor();
            pool.submit(() -> {}).get();
            Caps.begin(Scope.PROCESS)
                    .dropBoundingSetExcept(CapabilitySet.ofMask(args[1]))
                    .switchIdentity(SOMEBODY).finalizeDrop();
            points.at("dropped");
            points.say(pool.submit(() -> tried(file)).get());
            Thread fresh = Thread.ofPlatform().start(() -> points.say(tried(file)));
            fresh.join();
            pool.shutdown();
        }

        private static String tried(Path file) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80));
                Files.setAttribute(file, "unix:uid", 65534);
                return "bound and changed";
            } catch (IOException e) {
                return e.toString();
            }
        }
    }

    /** In a network namespace of its own: there nobody else has the port, and it is a privileged one. */
    private static void tries(long kept, String outcome) throws IOException {
        Path file = Files.createTempFile("nucleus-caps-", ".root");
        try (ObservedChild child = ObservedChild.of(Keeps.class, file.toString(), CapMasks.hex(kept)).after("ip link set lo up")
                .through("unshare", "--net").start().together()) {
            assertThat(child.at("dropped")).isEqualTo(
                    child.start().holdingOnly(kept).as(NOBODY, NOBODY, 7L).withNoNewPrivs());
            assertThat(child.said()).isEqualTo(outcome.formatted(file));
            assertThat(child.said()).isEqualTo(outcome.formatted(file));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void everyThreadKeepsTheCapability() throws IOException {
        tries(BIND, "java.nio.file.FileSystemException: %s: Operation not permitted");
    }

    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void deniesADroppedCapabilityToEveryThread() throws IOException {
        tries(0, "java.net.BindException: Permission denied");
    }
}
