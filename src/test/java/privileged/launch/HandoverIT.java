package privileged.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static privileged.harness.TestIds.ANYBODY;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import nucleus.caps.Identity;
import nucleus.caps.Launcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import privileged.harness.CapMasks;
import privileged.harness.Checkpoints;
import privileged.harness.ChildCommand;
import privileged.harness.ChildScenario;
import privileged.harness.ObservedChild;
import privileged.harness.Privileged;
import privileged.harness.SeccompFilter;
import privileged.harness.SmallPrograms;
import privileged.harness.Syscalls;
import privileged.harness.Thrown;

/** A launched child gets the descriptors that it is to keep, and no process gets them instead. */
@Privileged
class HandoverIT {

    private static final Identity NOBODY = Identity.of(65534, 65534);
    private static final Path NET_UNIX = Path.of("/proc/net/unix");
    private static final String LOST = ": it did not arrive: the child's limit of open files is too low for it"
            + " (RLIMIT_NOFILE), or a security module forbids to hand it over";

    private static Launcher nobody(Set<Integer> kept, String... command) {
        return Launcher.of(new ProcessBuilder(command).redirectErrorStream(true)).identity(NOBODY).keeping(kept);
    }

    private static String said(Launcher launcher) throws Exception {
        return String.join("|", LaunchWishes.output(launcher.start()));
    }

    private static Set<String> descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return new HashSet<>(all.map(each -> each.getFileName().toString()).toList());
        }
    }

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

    static final class Refused implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            Launcher launcher = Launcher.of(new ProcessBuilder("true"));
            for (String word : args) {
                points.threw(() -> launcher.keeping(Set.of(Integer.parseInt(word))).plan());
                points.threw(() -> launcher.keeping(Set.of(Integer.parseInt(word))).start());
            }
        }
    }

    /** Lets calls of the child fail, or succeed and do nothing. */
    static final class Filtered implements ChildScenario.WithSyscalls {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            said(nobody(Set.of(6, 9), "true")); // SecureRandom keeps files open
            SeccompFilter.refuse(Integer.parseInt(args[0]), Syscalls.Call.valueOf(args[1]));
            Set<String> before = descriptors();
            points.threw(() -> nobody(Set.of(6, 9), "true").start());
            points.say(ProcessHandle.current().children().count());
            points.say(descriptors().equals(before));
        }
    }

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

    /** Starts what its arguments say, and says what it prints. */
    static final class Starts implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) throws Exception {
            points.say(said(nobody(Set.of(3), args)));
        }
    }

    /** Descriptor 900 is open, and is above the limit. */
    static final class OverTheLimit implements ChildScenario {
        @Override
        public void run(Checkpoints points, String... args) {
            points.threw(() -> nobody(Set.of(900), "true").start());
            points.say(ProcessHandle.current().children().count());
        }
    }

    private static ChildCommand with(ChildCommand child, String redirections) {
        return child.after("exec " + redirections);
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
    void refusesWhatCannotBeKept() {
        try (ObservedChild child = with(ObservedChild.of(Refused.class, "2", "0", "-1", "999"), "5</dev/null").start()) {
            for (String word : List.of("2", "0", "-1")) {
                for (int i = 0; i < 2; i++) {
                    Thrown thrown = child.threw();
                    assertThat(thrown.type()).isEqualTo("IllegalArgumentException");
                    assertThat(thrown.message()).isEqualTo("a descriptor to keep is above 2, and " + word + " is not");
                }
            }
            for (int i = 0; i < 2; i++) {
                assertThat(child.threw().message()).isEqualTo("fcntl(999, F_GETFD): EBADF: a descriptor to keep is not open");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1 CONNECT | connect(AF_UNIX) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "0 CONNECT | write(AF_UNIX) [in the child]: ENOTCONN: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "1 RECVMSG | recvmsg(AF_UNIX) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the cause can be a"
                + " security module or a seccomp filter",
        "0 RECVMSG | recvmsg(AF_UNIX) [in the child]: gave 0, not 1",
        "1 DUP3    | receive descriptor 9: dup3(7, 9) [in the child]: EPERM: no rule of capabilities(7) forbids this call; the"
                + " cause can be a security module or a seccomp filter",
        "0 DUP3    | receive descriptor 9: dup3(7, 9) [in the child]: gave 0, not 9",
        "1 SOCKET  | socket(AF_UNIX): EPERM: a launch hands descriptors over through a unix socket; a limit, a seccomp filter"
                + " or a security module may forbid that",
        "1 SENDMSG | sendmsg(SCM_RIGHTS): EPERM: a launch hands descriptors over through a unix socket; a limit, a seccomp"
                + " filter or a security module may forbid that",
        "22 SENDMSG | sendmsg(SCM_RIGHTS): EINVAL: the kernel does not hand over this kind of file, for example an io_uring",
    })
    @Privileged(also = CapMasks.FOR_FILTERS)
    void noProgramBeginsIfACallFails(String filter, String message) {
        try (ObservedChild child = with(ObservedChild.of(Filtered.class, filter.split(" ")),
                "6</dev/null 9</dev/null").start()) {
            assertThat(child.threw().message()).isEqualTo(message);
            assertThat(child.said()).as("children").isEqualTo("0");
            assertThat(child.said()).as("the same descriptors as before").isEqualTo("true");
        }
    }

    @Test
    void noProgramBeginsIfANumberIsAboveTheLimit() {
        try (ObservedChild child = ObservedChild.of(OverTheLimit.class).through("bash", "-c", "exec 900</dev/null; ulimit -n 500;"
                + " exec \"$@\"", "bash").start()) {
            assertThat(child.threw().message()).matches("receive descriptor 900: dup3\\(\\d+, 900\\) \\[in the child]: EBADF"
                    + Pattern.quote(LOST));
            assertThat(child.said()).as("children").isEqualTo("0");
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
