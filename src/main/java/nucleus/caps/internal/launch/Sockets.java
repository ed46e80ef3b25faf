package nucleus.caps.internal.launch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import nucleus.caps.CapsException;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** Unix stream sockets of this process. The JDK has no API for abstract names, for the peer's process or for SCM_RIGHTS. */
final class Sockets {

    static final int AF_UNIX = 1;
    static final int SOCK_STREAM = 1;
    static final int SOCK_NONBLOCK = 0x800;
    static final int SOCK_CLOEXEC = 0x80000;

    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int SO_SNDTIMEO = 21;
    private static final int UCRED = 12;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;

    private Sockets() {
    }

    /**
     * {@return a socket that listens in the network namespace of the calling thread} Accepting never waits.
     *
     * @param address a struct sockaddr_un
     * @param backlog the most connections that can wait
     * @throws CapsException if the kernel refuses
     */
    static int listen(byte[] address, int backlog) {
        int socket = (int) checked("socket(AF_UNIX)", Syscalls.call(Syscall.SOCKET, AF_UNIX,
                SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        try (Arena arena = Arena.ofConfined()) {
            checked("bind(AF_UNIX)", Syscalls.call(Syscall.BIND, socket, arena.allocateFrom(JAVA_BYTE, address).address(),
                    address.length));
            checked("listen(AF_UNIX)", Syscalls.call(Syscall.LISTEN, socket, backlog));
            return socket;
        } catch (CapsException e) {
            Descriptors.close(socket);
            throw e;
        }
    }

    /** {@return the next connection, or a negated EAGAIN if there is none} Calls on the connection wait. */
    static int accept(int listening) {
        long peer = Syscalls.call(Syscall.ACCEPT4, listening, 0, 0, SOCK_CLOEXEC);
        return (int) (Errno.EAGAIN.is(peer) ? peer : checked("accept4(AF_UNIX)", peer));
    }

    /** {@return the id of the process that has connected} */
    static long peer(int connection) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment credentials = arena.allocate(UCRED, JAVA_INT.byteAlignment());
            checked("getsockopt(SO_PEERCRED)", Syscalls.call(Syscall.GETSOCKOPT, connection, SOL_SOCKET, SO_PEERCRED,
                    credentials.address(), arena.allocateFrom(JAVA_INT, UCRED).address()));
            return credentials.get(JAVA_INT, 0);
        }
    }

    /** {@return at most that many bytes that the peer has already sent} */
    static byte[] waiting(int connection, int length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = arena.allocate(length);
            long result = Syscalls.call(Syscall.RECVFROM, connection, bytes.address(), length, MSG_DONTWAIT, 0, 0);
            return bytes.asSlice(0, Math.max(0, result)).toArray(JAVA_BYTE);
        }
    }

    /** Lets a {@link #send} wait no longer than that. */
    static void limit(int connection, Duration patience) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocateFrom(JAVA_LONG, patience.toSeconds(), patience.toNanosPart() / 1000);
            checked("setsockopt(SO_SNDTIMEO)", Syscalls.call(Syscall.SETSOCKOPT, connection, SOL_SOCKET, SO_SNDTIMEO,
                    time.address(), time.byteSize()));
        }
    }

    /**
     * Sends a descriptor.
     *
     * @return whether it was sent; false if the peer has closed its socket
     * @throws CapsException if the kernel refuses
     */
    static boolean send(int connection, int descriptor) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(SocketMessage.LENGTH, Long.BYTES);
            message.copyFrom(MemorySegment.ofArray(SocketMessage.at(message.address(), descriptor)));
            long result;
            do {
                result = Syscalls.call(Syscall.SENDMSG, connection, message.address(), MSG_NOSIGNAL);
            } while (Errno.EINTR.is(result));
            return !Errno.EPIPE.is(result) && !Errno.ECONNRESET.is(result) && checked("sendmsg(SCM_RIGHTS)", result) == 1;
        }
    }

    private static long checked(String syscall, long result) {
        if (result < 0) {
            throw Errno.of(result).exception(syscall, rule(Errno.of(result)));
        }
        return result;
    }

    private static String rule(Errno errno) {
        if (errno.equals(Errno.EAGAIN)) {
            return "the child receives nothing: it may be stopped; it is killed now";
        }
        return errno.equals(Errno.EINVAL) ? "the kernel does not hand over this kind of file, for example an io_uring"
                : "a launch hands descriptors over through a unix socket; a limit, a seccomp filter or a security module may"
                        + " forbid that";
    }
}
