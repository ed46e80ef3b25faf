package privileged.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;
import static privileged.launch.Handover.NET_UNIX;
import static privileged.launch.Handover.descriptors;
import static privileged.launch.Handover.nobody;
import static privileged.launch.Handover.said;
import static privileged.launch.Handover.with;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
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
import privileged.harness.SmallPrograms;
import privileged.harness.Syscalls;

/** A launched child gets the descriptors that it is to keep. */
@Privileged
class HandoverIT {

    /** The child reads a line; then the JVM tells where the file stands, and what is open. */
    static final class Shares implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            said(nobody(Set.of(3), "true"));
            Set<String> before = descriptors();
            points.say(said(nobody(Set.of(3), "sh", "-c", "read -r line <&3; echo $line")));
            points.say(Files.readAllLines(Path.of("/proc/self/fdinfo/3")).getFirst());
            points.say(descriptors().equals(before));
        }
    }

    static final class Socket implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(args[0])); Stream<String> sockets = Files.lines(NET_UNIX)) {
                String link = sockets.filter(line -> line.endsWith(" " + args[0]))
                        .map(line -> "socket:[" + line.split(" +")[6] + "]").findFirst().orElseThrow();
                for (String number : descriptors()) {
                    Path path = Path.of("/proc/self/fd", number);
                    if (Files.isSymbolicLink(path) && Files.readSymbolicLink(path).toString().equals(link)) {
                        FutureTask<String> virtual = new FutureTask<>(() -> said(nobody(Set.of(Integer.valueOf(number)),
                                "readlink", path.toString())));
                        Thread.ofVirtual().start(virtual);
                        points.say(virtual.get().equals(link) + " " + server.isOpen());
                    }
                }
            }
        }
    }

    static final class Many implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            Set<Integer> kept = new HashSet<>();
            MemorySegment name = Arena.global().allocateFrom("kept");
            for (int i = 0; i < 400; i++) {
                kept.add((int) Syscalls.make(Syscalls.Call.MEMFD_CREATE.number(), name.address(), 0));
            }
            Launcher launcher = nobody(kept, args[0]);
            points.say(kept.size() + " " + launcher.plan().descriptors().equals(kept));
            points.say(String.join("|", LaunchWishes.lines(launcher.plan())));
            points.say(said(launcher));
        }
    }

    /** Starts what its arguments say, and says what it prints. */
    static final class Starts implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.say(said(nobody(Set.of(3), args)));
        }
    }

    @Test
    void childSharesTheOpenFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "one\ntwo\n");
        try (ObservedChild child = with(ObservedChild.of(Shares.class), "3<" + file).start()) {
            assertThat(child.said()).isEqualTo("one");
            assertThat(child.said()).isEqualTo("pos:\t4");
            assertThat(child.said()).as("the same descriptors as before").isEqualTo("true");
        }
    }

    @Test
    void childKeepsASocket(@TempDir Path directory) {
        try (ObservedChild child = ObservedChild.start(Socket.class, directory.resolve("socket").toString())) {
            assertThat(child.said()).isEqualTo("true true");
        }
    }

    @Test
    void childKeepsMoreThanOneMessageCanCarry() {
        try (ObservedChild child = ObservedChild.start(Many.class, new SmallPrograms().status().toString())) {
            assertThat(child.said()).isEqualTo("400 true");
            assertThat(child.said()).isEqualTo(child.said()).containsPattern("Descriptors:( \\d+){400}$");
        }
    }

    @Test
    void aShellSetsListenPid() {
        try (ObservedChild child = with(ObservedChild.of(Starts.class, "sh", "-c", "LISTEN_PID=$$ exec \"$0\" \"$@\"", "sh",
                "-c", "[ $LISTEN_PID = $$ ] && [ -e /proc/$$/fd/3 ] && echo socket"), "3</dev/null").start()) {
            assertThat(child.said()).isEqualTo("socket");
        }
    }

    /** Where no access to the parent of the child is allowed but to what belongs to the same user. */
    @Test
    @Privileged(also = CapMasks.FOR_NAMESPACES)
    void childKeepsDescriptorsWhereProcHidesIt() {
        String wish = LaunchWishes.wish("65534:65534", CapMasks.NET_BIND_SERVICE, 0, 0, "-", true, "3,4,9",
                new SmallPrograms().status());
        try (ObservedChild child = with(ObservedChild.of(LaunchWishes.class, wish), "3</dev/null 4</dev/null 9</dev/null")
                .through("capsh", "--drop=cap_sys_ptrace", "--", "-c", "exec \"$0\" \"$@\"")
                .through("setpriv", "--regid", "4", "--clear-groups") // hidepid hides nothing from group 0
                .after("mount -t proc -o hidepid=2 proc /proc")
                .through("unshare", "--mount", "--propagation", "private").start()) {
            assertThat(child.said()).isEqualTo(child.said()).endsWith("|Descriptors: 3 4 9");
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }

    /** The child of an ordinary user starts with less than the JVM of that user. */
    @Test
    void childOfAnOrdinaryUserKeepsDescriptors() {
        String wish = LaunchWishes.wish("-", 0, 0, 0, "-", true, "3,4,9", new SmallPrograms().status());
        try (ObservedChild child = with(ObservedChild.of(LaunchWishes.class, wish), "3</dev/null 4</dev/null 9</dev/null")
                .as(ANYBODY, "setpcap").start()) {
            assertThat(child.said()).isEqualTo(child.said()).startsWith("Uid:\t" + ANYBODY + "\t")
                    .endsWith("|Descriptors: 3 4 9");
            assertThat(child.at("launched")).isEqualTo(child.start());
        }
    }
}
