package nucleus.caps.internal.launch;

import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;

/** The calls by which a child receives descriptors, as system calls of a processor. */
final class SocketCalls {

    private static final int O_CLOEXEC = 0x80000;
    private static final int F_GETFD = 1;
    private static final int F_SETFL = 4;
    private static final String RECEIVED = "receive descriptor ";

    private final String osArch;

    /** @param osArch the processor, as named by the property {@code os.arch} */
    SocketCalls(String osArch) {
        this.osArch = osArch;
    }

    /** Creates a socket, which must get exactly that descriptor. A connect through it never waits. */
    Instruction socket(int descriptor) {
        return of("socket(AF_UNIX)", descriptor, Syscall.SOCKET, value(Sockets.AF_UNIX),
                value(Sockets.SOCK_STREAM | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC), value(0));
    }

    Instruction connect(int descriptor, byte[] address) {
        return of("connect(AF_UNIX)", 0, Syscall.CONNECT, value(descriptor), new Instruction.Bytes(address),
                value(address.length));
    }

    Instruction write(int descriptor, byte[] content) {
        return of("write(AF_UNIX)", content.length, Syscall.WRITE, value(descriptor), new Instruction.Bytes(content),
                value(content.length));
    }

    /** Lets calls on the descriptor wait from now on. */
    Instruction waitAt(int descriptor) {
        return of("fcntl(" + descriptor + ", F_SETFL)", 0, Syscall.FCNTL, value(descriptor), value(F_SETFL), value(0));
    }

    /** Receives a message. Its descriptor gets the lowest free number; if it cannot, the kernel gives the byte alone. */
    Instruction receive(int descriptor) {
        return of("recvmsg(AF_UNIX)", 1, Syscall.RECVMSG, value(descriptor), new Instruction.Message(), value(0));
    }

    /** Requires that a received descriptor is open. */
    Instruction require(int descriptor) {
        return of(RECEIVED + descriptor + ": fcntl(" + descriptor + ", F_GETFD)", 0, Syscall.FCNTL, value(descriptor),
                value(F_GETFD));
    }

    /** Gives a received descriptor its number. */
    Instruction duplicate(int from, int to) {
        return of(RECEIVED + to + ": dup3(" + from + ", " + to + ")", to, Syscall.DUP3, value(from), value(to), value(0));
    }

    /** Gives a descriptor of the image its number. */
    Instruction duplicateOwn(int from, int to) {
        return of("dup3(" + from + ", " + to + ")", to, Syscall.DUP3, value(from), value(to), value(O_CLOEXEC));
    }

    Instruction close(int descriptor) {
        return of("close(" + descriptor + ")", 0, Syscall.CLOSE, value(descriptor));
    }

    /** {@return why the kernel refused one of these calls to a child, or empty for a cause that is not of these calls} */
    static Optional<String> cause(String syscall, Errno errno) {
        if (syscall.startsWith(RECEIVED) && errno.equals(Errno.EBADF)) {
            return Optional.of("it did not arrive: the child's limit of open files is too low for it (RLIMIT_NOFILE), or a"
                    + " security module forbids to hand it over");
        }
        return syscall.startsWith("connect(") && errno.equals(Errno.EAGAIN)
                ? Optional.of("other processes have filled the queue of the socket") : Optional.empty();
    }

    private Instruction of(String text, long wanted, Syscall syscall, Instruction.Operand... operands) {
        return new Instruction(text, syscall.on(osArch), List.of(operands), wanted, 0);
    }

    private static Instruction.Operand value(long number) {
        return new Instruction.Value(number);
    }
}
