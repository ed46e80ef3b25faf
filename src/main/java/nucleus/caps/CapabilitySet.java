package nucleus.caps;

import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nucleus.caps.internal.text.CapabilityList;
import nucleus.caps.internal.text.Quoted;

/**
 * An immutable set of capabilities: 64 bits, one for each possible capability number.
 *
 * <p>A bit without a {@link Capability} constant is a member like any other. It is kept, compared, dropped, and printed
 * by its number.
 *
 * {@snippet class="snippets.Texts" region="sets"}
 *
 * @param bits the mask, bit n for the capability with number n, as in {@code /proc/<pid>/status}
 */
public record CapabilitySet(long bits) {

    private static final int MASK_DIGITS = 16;

    /** The empty set. */
    public static final CapabilitySet NONE = new CapabilitySet(0);

    /** Every capability that has a {@link Capability} constant. {@link Caps#supported()} has those that the kernel knows. */
    public static final CapabilitySet ALL = new CapabilitySet((1L << Capability.values().length) - 1);

    /**
     * {@return the set of those capabilities}
     *
     * @param members the members; without members, the set is empty
     */
    public static CapabilitySet of(Capability... members) {
        return of(List.of(members));
    }

    /**
     * {@return the set of those capabilities}
     *
     * @param members the members
     */
    public static CapabilitySet of(Collection<Capability> members) {
        return new CapabilitySet(members.stream().mapToLong(c -> 1L << c.number()).reduce(0, (a, b) -> a | b));
    }

    /**
     * {@return the set with one member, which needs no {@link Capability} constant}
     *
     * @param number the kernel's number of the capability
     * @throws IllegalArgumentException if the number is not within 0 to 63
     */
    public static CapabilitySet ofNumber(int number) {
        return new CapabilitySet(bit(number));
    }

    /**
     * {@return the set that a mask describes}
     *
     * @param hex up to 16 hexadecimal digits, with or without {@code 0x}, for example {@code 00000000a80425fb}
     * @throws IllegalArgumentException if the text is not a mask
     */
    public static CapabilitySet ofMask(String hex) {
        String digits = hex.startsWith("0x") || hex.startsWith("0X") ? hex.substring(2) : hex;
        if (digits.isEmpty() || digits.length() > MASK_DIGITS || !isHex(digits)) {
            throw new IllegalArgumentException("not a mask of up to 16 hexadecimal digits: " + Quoted.of(hex));
        }
        return new CapabilitySet(Long.parseUnsignedLong(digits, 16));
    }

    /**
     * {@return the set that a list of names describes}
     *
     * <p>Names are separated by commas or white space. Each is written with or without {@code CAP_}, in any case. A number
     * from 0 to 63 is the capability with that number: decimal without leading zeros, or hexadecimal after {@code 0x}.
     * {@code all} is every named capability. {@code all-} followed by a list is every named capability except those in the
     * list. {@code none} and the empty string are the empty set. The output of {@link #toString} is read back as the same
     * set.
     *
     * <p>Three forms of other programs are read too. {@code ~} before a list means {@code all-}, systemd.exec(5).
     * {@code cap_41} is the capability with that number, as libcap-ng writes it. A list that begins with {@code -all} or
     * {@code +all} has a sign before each member, as in {@code -all,+net_raw} of setpriv(1).
     *
     * @param list the list
     * @throws IllegalArgumentException if a name is unknown, and the message says what to write instead; or if a name is
     *     missing, for example between two commas
     */
    public static CapabilitySet parse(String list) {
        return new CapabilitySet(CapabilityList.parse(list, ALL.bits, Capability.NAMES));
    }

    /**
     * {@return whether that capability is a member}
     *
     * @param capability the capability
     */
    public boolean contains(Capability capability) {
        return contains(capability.number());
    }

    /**
     * {@return whether the capability with that number is a member}
     *
     * @param number the kernel's number, 0 to 63
     * @throws IllegalArgumentException if the number is not within 0 to 63
     */
    public boolean contains(int number) {
        return (bits & bit(number)) != 0;
    }

    /**
     * {@return whether every member of the other set is a member of this one}
     *
     * @param other the other set
     */
    public boolean containsAll(CapabilitySet other) {
        return other.minus(this).isEmpty();
    }

    /**
     * {@return the members of either set}
     *
     * @param other the other set
     */
    public CapabilitySet union(CapabilitySet other) {
        return new CapabilitySet(bits | other.bits);
    }

    /**
     * {@return the members of both sets}
     *
     * @param other the other set
     */
    public CapabilitySet intersect(CapabilitySet other) {
        return new CapabilitySet(bits & other.bits);
    }

    /**
     * {@return the members of this set that are not in the other}
     *
     * @param other the other set
     */
    public CapabilitySet minus(CapabilitySet other) {
        return new CapabilitySet(bits & ~other.bits);
    }

    /** {@return whether this set has no member} */
    public boolean isEmpty() {
        return bits == 0;
    }

    /** {@return the number of members} */
    public int size() {
        return Long.bitCount(bits);
    }

    /** {@return the numbers of all members, in ascending order, including members without a {@link Capability} constant} */
    public IntStream numbers() {
        return IntStream.range(0, Long.SIZE).filter(n -> (bits >>> n & 1) != 0);
    }

    /** {@return the members that have a {@link Capability} constant, by ascending number} */
    public Stream<Capability> named() {
        return intersect(ALL).numbers().mapToObj(n -> Capability.of(n).orElseThrow());
    }

    /** {@return the mask as 16 hexadecimal digits, the format of {@code /proc/<pid>/status}} */
    public String mask() {
        return "%016x".formatted(bits);
    }

    /**
     * {@return the members in the shortest form: {@code none}, {@code all}, {@code all-cap_sys_resource} or
     * {@code cap_chown,cap_kill,63}}
     */
    @Override
    public String toString() {
        if (isEmpty()) {
            return "none";
        }
        CapabilitySet missing = ALL.minus(this);
        CapabilitySet unnamed = minus(ALL);
        if (missing.isEmpty()) {
            return unnamed.isEmpty() ? "all" : "all," + unnamed.list();
        }
        return unnamed.isEmpty() && missing.size() < size() ? "all-" + missing.list() : list();
    }

    /** {@return the members, separated by commas} */
    String list() {
        return Capability.NAMES.list(bits);
    }

    private static boolean isHex(String digits) {
        for (int i = 0; i < digits.length(); i++) {
            if (!HexFormat.isHexDigit(digits.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static long bit(int number) {
        if (number < 0 || number >= Long.SIZE) {
            throw new IllegalArgumentException("a capability number must be 0 to 63, not " + number);
        }
        return 1L << number;
    }
}
