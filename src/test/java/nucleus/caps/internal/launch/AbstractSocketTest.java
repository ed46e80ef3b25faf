package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections the socket of a handover accepts. This process is the peer. */
class AbstractSocketTest {

    private static final long SELF = ProcessHandle.current().pid();

    private final AbstractSocket socket = new AbstractSocket();
    private final List<Integer> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Descriptors::close);
        socket.close();
    }

    /** Connects as a child does, and sends the secret changed by that mask. */
    private int connect(int mask) {
        int own = (int) Syscalls.call(Syscall.SOCKET, Sockets.AF_UNIX, Sockets.SOCK_STREAM | Sockets.SOCK_CLOEXEC, 0);
        opened.add(own);
        List<Instruction> calls = socket.connect(new SocketCalls(System.getProperty("os.arch")), own);
        make(calls.get(0), Syscall.CONNECT, own, 0);
        make(calls.get(1), Syscall.WRITE, own, mask);
        return own;
    }

    private static void make(Instruction instruction, Syscall syscall, int descriptor, int mask) {
        byte[] bytes = ((Instruction.Bytes) instruction.operands().get(1)).content().clone();
        bytes[bytes.length - 1] ^= (byte) mask;
        try (Arena arena = Arena.ofConfined()) {
            assertThat(Syscalls.call(syscall, descriptor, arena.allocateFrom(JAVA_BYTE, bytes).address(), bytes.length))
                    .isEqualTo(instruction.wanted());
        }
    }

    private int accept(long pid) {
        int connection = socket.accept(pid);
        opened.add(connection);
        return connection;
    }

    /** What has arrived; nothing at the end of file. */
    private static byte[] answer(int own) {
        assertThat(Descriptors.readable(own, Duration.ZERO)).as("something has arrived").isTrue();
        return Sockets.waiting(own, 1);
    }

    @Test
    void acceptsTheChildAmongOthers() {
        int other = connect(1);
        int own = connect(0);
        int connection = accept(SELF);
        assertThat(Sockets.send(connection, 0)).isTrue();
        assertThat(answer(own)).hasSize(1);
        assertThat(answer(other)).as("end of file").isEmpty();
    }

    @Test
    void refusesAProcessThatDoesNotKnowTheSecret() {
        connect(1);
        assertThatThrownBy(() -> accept(SELF)).hasMessage("accept4(AF_UNIX): the child's connection is not there");
    }

    @Test
    void refusesAnotherProcessThatKnowsTheSecret() {
        connect(0);
        assertThatThrownBy(() -> accept(SELF + 1)).hasMessage("accept4(AF_UNIX): the child's connection is not there");
    }

    @Test
    void refusesIfNobodyHasConnected() {
        assertThatThrownBy(() -> accept(SELF)).hasMessage("accept4(AF_UNIX): the child's connection is not there");
    }

    @Test
    void sendsNothingToAChildThatHasEnded() {
        int own = connect(0);
        int connection = accept(SELF);
        Descriptors.close(own);
        opened.remove(Integer.valueOf(own));
        assertThat(Sockets.send(connection, 0)).isFalse();
    }

    @Test
    void aChildThatReceivesNothingIsNotAwaitedForEver() {
        connect(0);
        int connection = accept(SELF);
        Sockets.limit(connection, Duration.ofMillis(1));
        assertThatThrownBy(() -> IntStream.range(0, 1 << 20).forEach(i -> Sockets.send(connection, 0)))
                .hasMessage("sendmsg(SCM_RIGHTS): EAGAIN: the child receives nothing: it may be stopped; it is killed now");
    }

    @Test
    void eachSocketHasANameOfItsOwn() {
        try (AbstractSocket second = new AbstractSocket()) {
            SocketCalls calls = new SocketCalls("amd64");
            assertThat(second.connect(calls, 5).get(0)).isNotEqualTo(socket.connect(calls, 5).get(0));
            for (int i = 0; i < 2; i++) {
                assertThat(((Instruction.Bytes) second.connect(calls, 5).get(i).operands().get(1)).content())
                        .isNotEqualTo(((Instruction.Bytes) socket.connect(calls, 5).get(i).operands().get(1)).content());
            }
        }
    }
}
