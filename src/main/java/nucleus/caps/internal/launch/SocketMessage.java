package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A struct msghdr with all that it points to: one byte, and one descriptor as SCM_RIGHTS, unix(7). Each descriptor has a
 * message of its own, so the receiver gets them one by one.
 */
final class SocketMessage {

    /** Its size. The parts in their order: msghdr, iovec, cmsghdr with one descriptor, and the byte. */
    static final int LENGTH = 104;

    private static final int IOVEC = 56;
    private static final int CONTROL = 72;
    private static final int BYTE = 96;

    private static final int CONTROL_SPACE = BYTE - CONTROL; // CMSG_SPACE(sizeof(int))
    private static final int CONTROL_LENGTH = 20; // CMSG_LEN(sizeof(int))
    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;

    private SocketMessage() {
    }

    /**
     * {@return the bytes of a message}
     *
     * @param address the address that they will have
     * @param descriptor the descriptor to send; the receiver of a message overwrites it
     */
    static byte[] at(long address, int descriptor) {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(0).putLong(0).putLong(address + IOVEC).putLong(1); // no name; one part
        bytes.putLong(address + CONTROL).putLong(CONTROL_SPACE).putLong(0);
        bytes.putLong(address + BYTE).putLong(1);
        bytes.putLong(CONTROL_LENGTH).putInt(SOL_SOCKET).putInt(SCM_RIGHTS).putInt(descriptor);
        return bytes.array();
    }
}
