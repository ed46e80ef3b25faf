package nucleus.caps.internal.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * Hands descriptors to a child. The child cannot inherit them, because the JDK closes all descriptors above 2 in it. The
 * child connects to a socket of this process before its first report. This process then accepts it, and sends one
 * descriptor after the other. A child that does not receive each of them fails before it executes its program.
 *
 * <p>This process sends copies, which it makes first: another thread may close a descriptor and reuse its number meanwhile.
 */
final class Handover implements AutoCloseable {

    private static final int FIRST = 3;
    private static final int F_DUPFD_CLOEXEC = 1030;

    private final Map<Integer, Integer> copies = new TreeMap<>();
    private final Optional<AbstractSocket> socket;
    private Optional<Integer> connection = Optional.empty();

    /**
     * The handover of these descriptors of this process.
     *
     * @throws CapsException EBADF if one is not open
     */
    Handover(Set<Integer> descriptors) {
        try {
            descriptors.forEach(descriptor -> copies.put(descriptor, copy(descriptor)));
            socket = descriptors.isEmpty() ? Optional.empty() : Optional.of(new AbstractSocket());
        } catch (CapsException e) {
            copies.values().forEach(Descriptors::close);
            throw e;
        }
    }

    private static int copy(int descriptor) {
        long copy = Syscalls.call(Syscall.FCNTL, descriptor, F_DUPFD_CLOEXEC, FIRST);
        if (copy < 0) {
            throw Errno.of(copy).exception("fcntl(" + descriptor + ", F_DUPFD_CLOEXEC)", Errno.EBADF.is(copy)
                    ? KeptDescriptors.NOT_OPEN : "the limit of open files is reached");
        }
        return (int) copy;
    }

    /** {@return the first report of the child; before it, the child connects, and after it receives the descriptors} */
    List<Instruction> around(Instruction report, SocketCalls calls, ChildTable table) {
        if (socket.isEmpty()) {
            return List.of(report);
        }
        int own = table.nextOwn();
        List<Instruction> all = new ArrayList<>(table.own(calls.socket(table.next())));
        all.addAll(socket.get().connect(calls, own));
        all.add(report);
        all.addAll(table.receive(own));
        all.add(calls.close(own));
        return all;
    }

    /** Accepts the child, which has reported. */
    void accept(long pid, Duration patience) {
        if (socket.isPresent()) {
            int accepted = socket.get().accept(pid);
            connection = Optional.of(accepted);
            Sockets.limit(accepted, patience);
        }
    }

    /** Sends the descriptors. If the child ends meanwhile, its last report or its exit code says why. */
    void send() {
        for (int copy : copies.values()) {
            if (!Sockets.send(connection.orElseThrow(), copy)) {
                return;
            }
        }
    }

    @Override
    public void close() {
        connection.ifPresent(Descriptors::close);
        socket.ifPresent(AbstractSocket::close);
        copies.values().forEach(Descriptors::close);
    }
}
