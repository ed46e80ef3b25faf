package nucleus.caps;

import static java.util.Objects.requireNonNull;

import nucleus.caps.internal.text.IabText;

/**
 * What a thread hands on to the programs that it starts, in one value: libcap's inheritable, ambient and bounding
 * tuple. Permitted and effective are not part of it.
 *
 * {@snippet class="snippets.Texts" region="iab"}
 *
 * @param inheritable what a program with matching file capabilities receives; ambient is always within it
 * @param ambient what an ordinary program receives
 * @param dropped what is no longer in the bounding set: its complement
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_iab.3.html">cap_iab(3)</a>
 */
public record Iab(CapabilitySet inheritable, CapabilitySet ambient, CapabilitySet dropped) {

    /** Nothing is handed on, and nothing is dropped. */
    public static final Iab NONE = new Iab(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /** What is ambient is made inheritable too. */
    public Iab {
        requireNonNull(dropped, "dropped");
        inheritable = inheritable.union(ambient);
    }

    /**
     * {@return what a thread with those sets hands on}
     *
     * @param sets its five sets
     * @param supported the capabilities that the kernel knows, {@link Caps#supported()}: of those, what is not in the
     *     bounding set is dropped
     */
    public static Iab of(CapabilitySets sets, CapabilitySet supported) {
        return new Iab(sets.inheritable(), sets.ambient(), supported.minus(sets.bounding()));
    }

    /**
     * {@return the value that a text describes}
     *
     * <p>Capabilities are separated by commas, without white space. Each is a name with {@code cap_}, in any case, or a
     * number from 0 to 63, decimal, with {@code 0} octal and with {@code 0x} hexadecimal; before it stand any of
     * {@code !} for dropped from bounding, {@code ^} for inheritable and ambient, and {@code %} for inheritable, which
     * is also what it is without any of them. The empty text is {@link #NONE}.
     *
     * <p>What {@code cap_iab_from_text} of libcap reads, this reads as the same value; what it refuses, this refuses.
     *
     * @param text the text, as in {@code !cap_sys_admin,^cap_chown,cap_kill}
     * @throws IllegalArgumentException if that is none, with the position and the reason
     */
    public static Iab parse(String text) {
        IabText masks = IabText.parse(text, Capability.NAMES);
        return new Iab(new CapabilitySet(masks.inheritable()), new CapabilitySet(masks.ambient()),
                new CapabilitySet(masks.dropped()));
    }

    /**
     * {@return those sets after this is applied: bounding without what is dropped, inheritable and ambient replaced}
     *
     * @param sets five sets
     */
    public CapabilitySets appliedTo(CapabilitySets sets) {
        return new CapabilitySets(sets.bounding().minus(dropped), sets.permitted(), sets.effective(), inheritable,
                ambient);
    }

    /**
     * {@return the text as {@code cap_iab_to_text} of libcap writes it, by ascending number; capabilities that the
     * running kernel does not know, which libcap leaves out, are written too}
     */
    @Override
    public String toString() {
        return new IabText(inheritable.bits(), ambient.bits(), dropped.bits()).write(Capability.NAMES);
    }
}
