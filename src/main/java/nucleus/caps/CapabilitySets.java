package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The five sets of a thread.
 *
 * @param bounding what no program started by the thread can gain
 * @param permitted what the thread may make effective
 * @param effective what the kernel checks
 * @param inheritable what a program with matching file capabilities receives
 * @param ambient what an ordinary program receives
 * @see <a href="https://man7.org/linux/man-pages/man7/capabilities.7.html">capabilities(7)</a>
 */
public record CapabilitySets(CapabilitySet bounding, CapabilitySet permitted, CapabilitySet effective,
                             CapabilitySet inheritable, CapabilitySet ambient) {

    /** Five empty sets. */
    public static final CapabilitySets NONE = new CapabilitySets(CapabilitySet.NONE, CapabilitySet.NONE,
            CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE);

    /**
     * Five sets, in any relation to one another: what the kernel would not accept is refused where it is applied.
     */
    public CapabilitySets {
        requireNonNull(bounding, "bounding");
        requireNonNull(permitted, "permitted");
        requireNonNull(effective, "effective");
        requireNonNull(inheritable, "inheritable");
        requireNonNull(ambient, "ambient");
    }

    /**
     * {@return one of the five}
     *
     * @param kind which
     */
    public CapabilitySet get(SetKind kind) {
        return switch (kind) {
            case BOUNDING -> bounding;
            case PERMITTED -> permitted;
            case EFFECTIVE -> effective;
            case INHERITABLE -> inheritable;
            case AMBIENT -> ambient;
        };
    }

    /**
     * {@return the same five with one replaced; the others are not adapted to it}
     *
     * @param kind which to replace
     * @param set what to put there
     */
    public CapabilitySets with(SetKind kind, CapabilitySet set) {
        requireNonNull(kind, "kind");
        return new CapabilitySets(
                kind == SetKind.BOUNDING ? set : bounding,
                kind == SetKind.PERMITTED ? set : permitted,
                kind == SetKind.EFFECTIVE ? set : effective,
                kind == SetKind.INHERITABLE ? set : inheritable,
                kind == SetKind.AMBIENT ? set : ambient);
    }

    /** {@return the three that capset(2) changes, for which libcap has a text} */
    public CapabilityState state() {
        return new CapabilityState(effective, permitted, inheritable);
    }

    /**
     * {@return the five as {@code process.capabilities} of the runtime specification of the Open Container Initiative:
     * {@code bounding}, {@code effective}, {@code inheritable}, {@code permitted} and {@code ambient}, each with names
     * like {@code CAP_KILL}, spelled by the rules of {@link OciNames}} Any library makes JSON of that.
     *
     * @throws IllegalArgumentException if a set has a capability that has no name here, for which the specification has
     *     no word; the message has the set and the number
     * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">config.md</a>
     */
    public Map<String, List<String>> toOci() {
        return OciNames.write(this);
    }

    /**
     * {@return the five that such an object has; a list that is missing, or null, is empty}
     *
     * @param capabilities the object, as a library made it of JSON; names are read by the rules of {@link OciNames}
     * @throws IllegalArgumentException if it has a member that is none of the five, or a list has one that is not the
     *     name of a capability
     * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">config.md</a>
     */
    public static CapabilitySets ofOci(Map<String, ? extends Collection<String>> capabilities) {
        return OciNames.read(capabilities);
    }

    /** {@return whether all five are empty} */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** {@return the five in one line} */
    @Override
    public String toString() {
        return "bounding=" + bounding + " permitted=" + permitted + " effective=" + effective
                + " inheritable=" + inheritable + " ambient=" + ambient;
    }
}
