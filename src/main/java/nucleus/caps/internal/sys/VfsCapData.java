package nucleus.caps.internal.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;

/**
 * The value of {@code security.capability}, struct vfs_cap_data of linux/capability.h. It is little endian everywhere.
 *
 * @param permitted the capabilities that the program gets if they are in the bounding set
 * @param inheritable the capabilities that the program gets if they are in the thread's inheritable set
 * @param effective whether the program gets the capabilities effective
 * @param rootUid the root of the user namespace where the capabilities count; 0 for the initial namespace
 */
public record VfsCapData(CapabilitySet permitted, CapabilitySet inheritable, boolean effective, long rootUid) {

    /** The shift of the revision, which is the fourth byte. */
    private static final int REVISION = 24;
    private static final int EFFECTIVE = 1;

    /** The length of each revision in bytes. */
    private static final int[] SIZES = {0, 12, 20, 24};

    /**
     * {@return the value of any revision}
     *
     * @throws IllegalArgumentException if the bytes are malformed; the message shows them
     */
    public static VfsCapData decode(byte[] bytes) {
        int revision = bytes.length < Integer.BYTES ? 0 : bytes[3];
        if (revision < 1 || revision >= SIZES.length || bytes.length != SIZES[revision]) {
            throw new IllegalArgumentException("malformed security.capability: " + shown(bytes));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean effective = (in.getInt() & EFFECTIVE) != 0;
        long permitted = word(in);
        long inheritable = word(in);
        if (revision > 1) {
            permitted |= word(in) << Integer.SIZE;
            inheritable |= word(in) << Integer.SIZE;
        }
        long rootUid = revision == 3 ? word(in) : 0;
        if (rootUid > Identity.MAX_ID) {
            throw new IllegalArgumentException("malformed security.capability, its root uid is 4294967295: " + shown(bytes));
        }
        return new VfsCapData(new CapabilitySet(permitted), new CapabilitySet(inheritable), effective, rootUid);
    }

    /**
     * {@return the value that execve(2) uses, or empty if it uses none}
     *
     * <p>A malformed value has no effect. The kernel shows revision 3 as revision 2 in the namespace that the value belongs
     * to. A visible revision 3 therefore belongs to another namespace and has no effect.
     */
    public static Optional<VfsCapData> honoured(byte[] bytes) {
        try {
            return Optional.of(decode(bytes)).filter(data -> data.rootUid() == 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** {@return the bytes: revision 3 if there is a root uid, else revision 2} */
    public byte[] encode() {
        int revision = rootUid == 0 ? 2 : 3;
        ByteBuffer out = ByteBuffer.allocate(SIZES[revision]).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(revision << REVISION | (effective ? EFFECTIVE : 0));
        out.putInt((int) permitted.bits()).putInt((int) inheritable.bits());
        out.putInt((int) (permitted.bits() >>> Integer.SIZE)).putInt((int) (inheritable.bits() >>> Integer.SIZE));
        if (revision == 3) {
            out.putInt((int) rootUid);
        }
        return out.array();
    }

    private static long word(ByteBuffer in) {
        return Integer.toUnsignedLong(in.getInt());
    }

    private static String shown(byte[] bytes) {
        int length = Math.min(bytes.length, 2 * SIZES[3]);
        return bytes.length + " bytes " + HexFormat.of().formatHex(bytes, 0, length)
                + (length < bytes.length ? "…" : "");
    }
}
