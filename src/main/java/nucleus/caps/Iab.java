package nucleus.caps;

import static java.util.Objects.requireNonNull;

import nucleus.caps.internal.text.IabText;

/**
 * What child programs inherit: libcap's tuple of the inheritable, ambient and dropped bounding sets. The permitted and
 * effective sets are not part of it.
 *
 * {@snippet class="snippets.Texts" region="iab"}
 *
 * @param inheritable what a program with matching file capabilities receives; contains ambient
 * @param ambient what an ordinary program receives
 * @param dropped the complement of the bounding set
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
 */
public record Iab(CapabilitySet inheritable, CapabilitySet ambient, CapabilitySet dropped) {

    /** Inheritable and ambient are empty, and nothing is dropped. */
    public static final Iab NONE = new Iab(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /** Adds the ambient capabilities to inheritable. */
    public Iab {
        requireNonNull(dropped, "dropped");
        inheritable = inheritable.union(ambient);
    }

    /**
     * {@return the tuple of a thread with those sets}
     *
     * @param sets the five sets of the thread
     * @param supported the capabilities that the kernel knows, {@link Caps#supported()}; those that are not in the bounding
     *     set are dropped
     */
    public static Iab of(CapabilitySets sets, CapabilitySet supported) {
        return new Iab(sets.inheritable(), sets.ambient(), supported.minus(sets.bounding()));
    }

    /**
     * {@return the tuple that a text describes}
     *
     * <p>Capabilities are separated by commas, without white space. Each is a name with {@code cap_}, in any case, or a
     * number from 0 to 63: decimal without leading zeros, or hexadecimal after {@code 0x}. Any of three prefixes may precede
     * it: {@code !} means dropped from bounding, {@code ^} means inheritable and ambient, and {@code %} means inheritable.
     * Without a prefix, the capability is inheritable. The empty text is {@link #NONE}.
     *
     * <p>This method accepts and refuses the same texts as {@code cap_iab_from_text} of libcap, and gives the same result,
     * with one exception: it refuses a number with a leading zero, which libcap reads as octal.
     *
     * @param text the text, for example {@code !cap_sys_admin,^cap_chown,cap_kill}
     * @throws IllegalArgumentException if the text is malformed; the message has the position and the reason
     */
    public static Iab parse(String text) {
        IabText masks = IabText.parse(text, Capability.NAMES);
        return new Iab(new CapabilitySet(masks.inheritable()), new CapabilitySet(masks.ambient()),
                new CapabilitySet(masks.dropped()));
    }

    /**
     * {@return those sets with inheritable and ambient replaced, and with bounding minus the dropped capabilities}
     *
     * @param sets five sets
     */
    public CapabilitySets appliedTo(CapabilitySets sets) {
        return new CapabilitySets(sets.bounding().minus(dropped), sets.permitted(), sets.effective(), inheritable,
                ambient);
    }

    /**
     * {@return the text in the format of {@code cap_iab_to_text} of libcap, by ascending number} Unlike libcap, this method
     * also writes capabilities that the running kernel does not know.
     */
    @Override
    public String toString() {
        return new IabText(inheritable.bits(), ambient.bits(), dropped.bits()).write(Capability.NAMES);
    }
}
