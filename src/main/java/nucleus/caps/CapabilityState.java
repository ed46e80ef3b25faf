package nucleus.caps;

import static java.util.Objects.requireNonNull;

import nucleus.caps.internal.text.StateText;

/**
 * The three sets that capset(2) changes together, and the text that libcap reads and writes for them:
 * {@code cap_net_bind_service=ep}, {@code =ep cap_sys_admin-e}.
 *
 * <p>Such a text is a list of clauses, each of which changes what those before it left. A clause names capabilities,
 * separated by commas, and says after {@code =}, {@code +} or {@code -} which of the flags {@code e}, {@code i} and
 * {@code p} they have, gain or lose. {@code =} alone takes all flags away, and without a list stands for every
 * capability that has a name. Names are written whole, in any case; a number is one as in C, {@code 0x} and a leading
 * {@code 0} included.
 *
 * {@snippet class="snippets.Texts" region="states"}
 *
 * @param effective what the kernel checks
 * @param permitted what may be made effective
 * @param inheritable what a program with matching file capabilities receives
 * @see <a href="https://man7.org/linux/man-pages/man3/cap_from_text.3.html">cap_from_text(3)</a>
 */
public record CapabilityState(CapabilitySet effective, CapabilitySet permitted, CapabilitySet inheritable) {

    /** Three empty sets: {@code =}. */
    public static final CapabilityState NONE =
            new CapabilityState(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /** Three sets, in any relation to one another. */
    public CapabilityState {
        requireNonNull(effective, "effective");
        requireNonNull(permitted, "permitted");
        requireNonNull(inheritable, "inheritable");
    }

    /**
     * {@return the state that a text describes, where {@code all} is every capability that has a name here}
     *
     * <p>What libcap refuses is refused, and what it takes means the same, as on a kernel that knows just those.
     *
     * @param text the clauses; none gives {@link #NONE}
     * @throws IllegalArgumentException if that is no such text; the message says where, counting from 0, and why
     */
    public static CapabilityState parse(String text) {
        return parse(text, CapabilitySet.ALL);
    }

    /**
     * {@return the state that a text describes, as libcap reads it on a certain kernel}
     *
     * @param text the clauses; none gives {@link #NONE}
     * @param supported what that kernel knows, as {@link Caps#supported()} tells of this one: the meaning of
     *     {@code all}, and of a clause without a list. A capability beyond it can be written by name or number, and no
     *     such clause changes it
     * @throws IllegalArgumentException if that is no such text; the message says where, counting from 0, and why
     */
    public static CapabilityState parse(String text, CapabilitySet supported) {
        StateText masks = StateText.parse(text, supported.bits(), Capability.NAMES);
        return new CapabilityState(new CapabilitySet(masks.effective()), new CapabilitySet(masks.permitted()),
                new CapabilitySet(masks.inheritable()));
    }

    /**
     * {@return the text that libcap writes for this state on a certain kernel}
     *
     * <p>It begins with the flags that most capabilities have; on a tie, with none or the fewer. Those that the kernel
     * does not know are not counted, and stand at the end.
     *
     * @param supported what that kernel knows, as {@link Caps#supported()} tells of this one
     */
    public String toText(CapabilitySet supported) {
        return new StateText(effective.bits(), permitted.bits(), inheritable.bits())
                .write(supported.bits(), Capability.NAMES);
    }

    /** {@return the text that libcap writes on a kernel that knows what has a name here; {@link #parse} reads it back} */
    @Override
    public String toString() {
        return toText(CapabilitySet.ALL);
    }
}
