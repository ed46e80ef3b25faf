package nucleus.caps;

import static java.util.Objects.requireNonNull;

import nucleus.caps.internal.text.StateText;

/**
 * The three sets that capset(2) changes together, with libcap's text format for them:
 * {@code cap_net_bind_service=ep}, {@code =ep cap_sys_admin-e}.
 *
 * <p>The text is a list of clauses. Each clause changes the result of the clauses before it. A clause lists capabilities,
 * separated by commas, then an operator, then some of the flags {@code e}, {@code i} and {@code p}. The operator {@code =}
 * sets exactly these flags, {@code +} adds them, and {@code -} removes them. {@code =} without flags removes all flags.
 * {@code =} without a list applies to every capability that has a name. Names are complete and in any case. Numbers are
 * decimal without leading zeros, or hexadecimal after {@code 0x}.
 *
 * {@snippet class="snippets.Texts" region="states"}
 *
 * @param effective what the kernel checks
 * @param permitted what the thread may make effective
 * @param inheritable what a program with matching file capabilities receives
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_from_text.3.html">cap_from_text(3)</a>
 */
public record CapabilityState(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {

    /** Three empty sets: {@code =}. */
    public static final CapabilityState NONE =
            new CapabilityState(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /** Accepts any combination of sets. */
    public CapabilityState {
        requireNonNull(effective, "effective");
        requireNonNull(permitted, "permitted");
        requireNonNull(inheritable, "inheritable");
    }

    /**
     * {@return the state that a text describes, where {@code all} is {@link CapabilitySet#ALL}}
     *
     * <p>This method accepts and refuses the same texts as libcap does on a kernel that knows exactly the capabilities of
     * {@link CapabilitySet#ALL}, and gives the same result, with one exception: it refuses a number with a leading zero,
     * which libcap reads as octal.
     *
     * @param text the clauses; the empty text gives {@link #NONE}
     * @throws IllegalArgumentException if the text is malformed; the message has the position, counted from 0, and the reason
     */
    public static CapabilityState parse(String text) {
        return parse(text, CapabilitySet.ALL);
    }

    /**
     * {@return the state that a text describes, as libcap reads it on a given kernel}
     *
     * @param text the clauses; the empty text gives {@link #NONE}
     * @param supported the capabilities that the kernel knows, for the running kernel {@link Caps#supported()}.
     *     {@code all} and a clause without a list mean these. Any other capability is changed only by a clause that has
     *     its name or number
     * @throws IllegalArgumentException if the text is malformed; the message has the position, counted from 0, and the reason
     */
    public static CapabilityState parse(String text, CapabilitySet supported) {
        StateText masks = StateText.parse(text, supported.bits(), Capability.NAMES);
        return new CapabilityState(new CapabilitySet(masks.effective()), new CapabilitySet(masks.permitted()),
                new CapabilitySet(masks.inheritable()));
    }

    /**
     * {@return the text that libcap writes for this state on a given kernel}
     *
     * <p>The text begins with the most common combination of flags. On a tie, it begins with the lowest combination, where
     * e counts 1, p counts 2 and i counts 4. Capabilities that the kernel does not know are not counted and come last.
     *
     * @param supported the capabilities that the kernel knows, for the running kernel {@link Caps#supported()}
     */
    public String toText(CapabilitySet supported) {
        return new StateText(effective.bits(), permitted.bits(), inheritable.bits())
                .write(supported.bits(), Capability.NAMES);
    }

    /** {@return the text for a kernel that knows {@link CapabilitySet#ALL}; {@link #parse} reads it back} */
    @Override
    public String toString() {
        return toText(CapabilitySet.ALL);
    }
}
