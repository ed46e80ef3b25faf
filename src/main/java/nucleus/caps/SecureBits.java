package nucleus.caps;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import nucleus.caps.internal.text.Numbers;
import nucleus.caps.internal.text.Quoted;

/**
 * The securebits of a thread: how the kernel treats uid 0 and changes of the uid.
 *
 * <p>A bit without a {@link SecureBit} constant is kept, compared and printed like any other.
 *
 * {@snippet class="snippets.Texts" region="securebits"}
 *
 * @param bits the securebits as {@code prctl(PR_GET_SECUREBITS)} returns them
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/PR_SET_SECUREBITS.2const.html">PR_SET_SECUREBITS</a>
 */
public record SecureBits(int bits) {

    private static final String LOCKED = "_locked";
    private static final String NAMES = Arrays.stream(SecureBit.values()).map(SecureBit::text)
            .collect(Collectors.joining(", "));

    /** No bit is set, and none is locked. This is the initial state. */
    public static final SecureBits NONE = new SecureBits(0);

    /**
     * The securebits that capabilities(7) recommends if file capabilities should permanently be the only source of
     * privileges: uid 0 is an ordinary uid, ambient cannot be raised, KEEPCAPS is off, and all four bits are locked. 0xef.
     */
    public static final SecureBits LOCKED_DOWN =
            of(SecureBit.NOROOT, SecureBit.NO_SETUID_FIXUP, SecureBit.NO_CAP_AMBIENT_RAISE).locking(SecureBit.NOROOT,
                    SecureBit.NO_SETUID_FIXUP, SecureBit.KEEP_CAPS, SecureBit.NO_CAP_AMBIENT_RAISE);

    /**
     * {@return securebits with those bits set and none locked}
     *
     * @param set the bits
     */
    public static SecureBits of(SecureBit... set) {
        return new SecureBits(mask(SecureBit::mask, set));
    }

    /**
     * {@return the securebits that a list describes}
     *
     * <p>Names are separated by commas or white space, in any case. The name of a lock ends in {@code _locked}. A number
     * is a mask of bits: decimal without leading zeros, or hexadecimal after {@code 0x}. {@code none} and the empty string
     * mean no bit. The output of {@link #toString} is read back as the same bits.
     *
     * @param list the list
     * @throws IllegalArgumentException if a name is unknown or missing, or a number has more than 32 bits
     */
    public static SecureBits parse(String list) {
        String text = list.strip();
        if (text.isEmpty() || text.equalsIgnoreCase("none")) {
            return NONE;
        }
        int bits = 0;
        for (String word : text.split("\\s*,\\s*|\\s+", -1)) {
            bits |= word(word, list);
        }
        return new SecureBits(bits);
    }

    private static int word(String word, String list) {
        if (word.isEmpty()) {
            throw new IllegalArgumentException("a name is missing in the list " + Quoted.of(list));
        }
        if (Numbers.begins(word)) {
            return (int) Numbers.parse("a number of securebits", word, 0, 0xffff_ffffL);
        }
        String name = word.chars().allMatch(c -> c < 0x80) ? word.toLowerCase(Locale.ROOT) : word;
        return IntStream.range(0, Integer.SIZE).filter(bit -> named(bit).filter(name::equals).isPresent())
                .map(bit -> 1 << bit).findFirst().orElseThrow(() -> new IllegalArgumentException("no securebit is named "
                        + Quoted.of(word) + "; there are " + NAMES + ", and each with " + LOCKED));
    }

    /**
     * {@return whether that bit is set}
     *
     * @param bit the bit
     */
    public boolean contains(SecureBit bit) {
        return (bits & bit.mask()) != 0;
    }

    /**
     * {@return whether that bit is locked}
     *
     * @param bit the bit
     */
    public boolean locks(SecureBit bit) {
        return (bits & bit.lock()) != 0;
    }

    /**
     * {@return these securebits with those bits set}
     *
     * @param set the bits
     */
    public SecureBits with(SecureBit... set) {
        return new SecureBits(bits | mask(SecureBit::mask, set));
    }

    /**
     * {@return these securebits with those bits cleared}
     *
     * @param cleared the bits
     */
    public SecureBits without(SecureBit... cleared) {
        return new SecureBits(bits & ~mask(SecureBit::mask, cleared));
    }

    /**
     * {@return these securebits with those bits locked at their present values}
     *
     * @param locked the bits
     */
    public SecureBits locking(SecureBit... locked) {
        return new SecureBits(bits | mask(SecureBit::lock, locked));
    }

    private static int mask(ToIntFunction<SecureBit> mask, SecureBit... members) {
        return Arrays.stream(members).mapToInt(mask).reduce(0, (a, b) -> a | b);
    }

    /** {@return the bits in hexadecimal, for example {@code 0xef}} */
    public String mask() {
        return "0x" + Integer.toHexString(bits);
    }

    /** {@return the bits in one line, for example {@code noroot,noroot_locked,0x1000}, or {@code none}} */
    @Override
    public String toString() {
        return bits == 0 ? "none" : IntStream.range(0, Integer.SIZE).filter(bit -> (bits >>> bit & 1) != 0)
                .mapToObj(bit -> named(bit).orElse(new SecureBits(1 << bit).mask())).collect(Collectors.joining(","));
    }

    private static Optional<String> named(int bit) {
        SecureBit[] all = SecureBit.values();
        return bit / 2 >= all.length ? Optional.empty()
                : Optional.of(all[bit / 2].text() + (bit % 2 == 0 ? "" : LOCKED));
    }
}
