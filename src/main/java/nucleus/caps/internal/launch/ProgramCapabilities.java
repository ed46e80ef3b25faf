package nucleus.caps.internal.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import nucleus.caps.CapabilitySet;

/**
 * The extended attribute {@code security.capability}, capabilities(7).
 *
 * @param permitted what the program gets, if it is in the bounding set
 * @param inheritable what it gets, if it is inheritable
 * @param effective whether what it gets is effective at once
 */
public record ProgramCapabilities(CapabilitySet permitted, CapabilitySet inheritable, boolean effective) {

    private static final int REVISION = 0xFF00_0000;
    private static final int REVISION_1 = 0x0100_0000;
    private static final int REVISION_2 = 0x0200_0000;
    private static final int REVISION_3 = 0x0300_0000;
    private static final int EFFECTIVE = 1;

    /**
     * {@return what that value means, or nothing where it gives nothing}
     *
     * <p>A value of revision 3 names the uid that is root of its user namespace. The kernel shows it as one of revision
     * 2 where that is root of this namespace, and it gives nothing where it is not.
     */
    static Optional<ProgramCapabilities> of(byte[] value) {
        ByteBuffer words = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
        int magic = value.length >= Integer.BYTES ? words.getInt() : 0;
        return switch (magic & REVISION) {
            case REVISION_1 -> exactly(12, value) ? of(magic, words.getInt(4), words.getInt(8), 0, 0)
                    : Optional.empty();
            case REVISION_2 -> exactly(20, value) ? of(magic, words) : Optional.empty();
            case REVISION_3 -> exactly(24, value) && words.getInt(20) == 0 ? of(magic, words) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static boolean exactly(int length, byte[] value) {
        return value.length == length;
    }

    private static Optional<ProgramCapabilities> of(int magic, ByteBuffer words) {
        return of(magic, words.getInt(4), words.getInt(8), words.getInt(12), words.getInt(16));
    }

    private static Optional<ProgramCapabilities> of(int magic, int permitted, int inheritable, int upperPermitted,
                                                 int upperInheritable) {
        return Optional.of(new ProgramCapabilities(join(permitted, upperPermitted),
                join(inheritable, upperInheritable), (magic & EFFECTIVE) != 0));
    }

    private static CapabilitySet join(int low, int high) {
        return new CapabilitySet(Integer.toUnsignedLong(low) | (long) high << Integer.SIZE);
    }
}
