package privileged.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static privileged.launch.Handover.NET_UNIX;
import static privileged.launch.Handover.nobody;
import static privileged.launch.Handover.said;
import static privileged.launch.Handover.with;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.Syscalls;

/** A process that connects before the child of a launch gets no descriptor. The child gets the file of the caller. */
@Privileged
class HandoverMeanwhileIT {

    /** While the child is about to connect, another thread connects, and opens another file by the same number. */
    static final class Meanwhile implements ChildScenario.WithSyscalls {

        private final List<Long> connected = new ArrayList<>();

        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Launcher launcher = nobody(Set.of(3), "cat", "/proc/self/fd/3");
            CompletableFuture<Long> held = new CompletableFuture<>();
            Thread.ofPlatform().daemon().start(() -> meanwhile(held.join())); // before the filter, which it would inherit
            FutureTask<String> launch = new FutureTask<>(() -> {
                held.complete(SeccompFilter.hold(Syscalls.Call.CONNECT));
                return said(launcher);
            });
            Thread.ofPlatform().start(launch);
            points.say(launch.get());
            for (long socket : connected) {
                points.say("got " + Syscalls.make(Syscalls.Call.READ.number(), socket, Arena.global().allocate(1).address(), 1));
            }
        }

        private void meanwhile(long held) {
            SeccompFilter.Waiting child = SeccompFilter.await(held).orElseThrow();
            try (Stream<String> names = Files.lines(NET_UNIX)) {
                names.filter(line -> line.contains("@nucleus.caps.")).map(line -> line.substring(line.indexOf('@') + 1))
                        .forEach(this::connect);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
            Syscalls.close(3);
            Syscalls.make(Syscalls.Call.MEMFD_CREATE.number(), Arena.global().allocateFrom("reused").address(), 0);
            SeccompFilter.letGo(held, child);
        }

        private void connect(String name) {
            byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
            byte[] address = ByteBuffer.allocate(3 + bytes.length).order(ByteOrder.nativeOrder()).putShort((short) 1)
                    .put((byte) 0).put(bytes).array();
            long socket = Syscalls.make(Syscalls.Call.SOCKET.number(), 1, 1, 0);
            Syscalls.call(Syscalls.Call.CONNECT, socket, Arena.global().allocateFrom(JAVA_BYTE, address).address(),
                    address.length);
            connected.add(socket);
        }
    }

    @Test
    @Privileged(also = CapMasks.FOR_FILTERS)
    void otherProcessesGetNothing(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "of the caller\n");
        try (ObservedChild child = with(ObservedChild.of(Meanwhile.class), "3<" + file).start()) {
            assertThat(child.said()).isEqualTo("of the caller");
            assertThat(child.said()).as("the end of file").isEqualTo("got 0");
        }
    }
}
