package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How an image receives descriptors, on each processor that there is one for. */
class ChildImageReceivesTest extends ImageTest {

    private static final Set<Integer> KEPT = Set.of(3, 4, 9);

    private final AbstractSocket socket = new AbstractSocket();
    private final List<Instruction> list = new ArrayList<>();
    private final List<Integer> opened = new ArrayList<>();

    @AfterEach
    void closeSockets() {
        opened.forEach(Descriptors::close);
        socket.close();
    }

    private Process start(Machines machine, String script) throws IOException {
        SocketCalls calls = new SocketCalls(machine.osArch());
        ChildTable table = new ChildTable(calls, KEPT);
        Elf.Ports ports = open(machine, table, list);
        int own = table.nextOwn();
        list.addAll(table.own(calls.socket(table.next())));
        list.addAll(socket.connect(calls, own));
        list.add(Elf.REPORT);
        list.addAll(table.receive(own));
        list.add(calls.close(own));
        list.add(Elf.REPORT);
        list.add(new Instructions(machine.osArch()).execute("/bin/sh"));
        assertThat(List.of(ports.up(), ports.down(), own)).containsExactly(5, 6, 7);
        return start(machine, ports, list, "sh", "-c", script);
    }

    private int accepted(Process process) throws Exception {
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.REPORT, 0));
        int connection = socket.accept(process.pid());
        opened.add(connection);
        leave.write(LEAVE);
        return connection;
    }

    private int file(String content) throws IOException {
        String path = Files.writeString(directory.resolve(content), content).toString();
        try (Arena arena = Arena.ofConfined()) {
            long file = Syscalls.call(Syscall.OPENAT, -100, arena.allocateFrom(path).address(), 0x80000);
            assertThat(file).isPositive();
            opened.add((int) file);
            return (int) file;
        }
    }

    @ParameterizedTest
    @EnumSource
    void receivesEachDescriptorByItsNumber(Machines machine) throws Exception {
        Process process = start(machine, "cat <&3; cat <&4; cat <&9; echo; echo /proc/self/fd/*");
        int connection = accepted(process);
        for (String content : List.of("three", "four", "nine")) {
            assertThat(Sockets.send(connection, file(content))).isTrue();
        }
        assertThat(report(list)).isEqualTo(new ChildReport(Elf.REPORT, 0));
        leave.write(LEAVE);
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output.replace("/proc/self/fd/", "")).matches("threefournine\n0 1 2 3 4( 5)? 9\n"); // the shell reads fd
        assertThat(status(process)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void endsIfADescriptorDoesNotArrive(Machines machine) throws Exception {
        Process process = start(machine, "exit 0");
        int connection = accepted(process);
        assertThat(Sockets.send(connection, file("three"))).isTrue();
        try (Arena arena = Arena.ofConfined()) {
            long address = arena.allocateFrom(JAVA_BYTE, (byte) 0).address();
            assertThat(Syscalls.call(Syscall.WRITE, connection, address, 1)).isOne();
        }
        ChildReport report = report(list);
        assertThat(report.refusal()).hasMessage("receive descriptor 4: fcntl(4, F_GETFD) [in the child]: EBADF: it did not"
                + " arrive: the child's limit of open files is too low for it (RLIMIT_NOFILE), or a security module forbids"
                + " to hand it over");
        assertThat(status(process)).isEqualTo(FAILED);
    }

    @ParameterizedTest
    @EnumSource
    void endsIfNothingArrives(Machines machine) throws Exception {
        Process process = start(machine, "exit 0");
        accepted(process);
        Descriptors.close(opened.removeLast());
        ChildReport report = report(list);
        assertThat(report.instruction().syscall()).isEqualTo("recvmsg(AF_UNIX)");
        assertThat(report.result()).isZero();
        assertThat(report.passed()).isFalse();
        assertThat(status(process)).isEqualTo(FAILED);
    }
}
