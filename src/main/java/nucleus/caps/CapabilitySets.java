package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The five capability sets of a thread.
 *
 * @param bounding the limit on what a program started by the thread can gain
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
     * Accepts any combination of sets. A combination that the kernel does not accept is refused when it is applied.
     */
    public CapabilitySets {
        requireNonNull(bounding, "bounding");
        requireNonNull(permitted, "permitted");
        requireNonNull(effective, "effective");
        requireNonNull(inheritable, "inheritable");
        requireNonNull(ambient, "ambient");
    }

    /**
     * {@return one of the five sets}
     *
     * @param kind which set
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
     * {@return these sets with one replaced; the other four stay as they are}
     *
     * @param kind which set to replace
     * @param set the new set
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

    /** {@return the three sets that capset(2) changes; libcap has a text format for them} */
    public CapabilityState state() {
        return new CapabilityState(effective, permitted, inheritable);
    }

    /**
     * {@return the five sets as {@code process.capabilities} of the runtime specification of the Open Container
     * Initiative} The keys are {@code bounding}, {@code effective}, {@code inheritable}, {@code permitted} and
     * {@code ambient}. Each value lists names like {@code CAP_KILL}, spelled by the rules of {@link OciNames}. Any JSON
     * library can write the map.
     *
     * @throws IllegalArgumentException if a set has a capability without a {@link Capability} constant, which the
     *     specification cannot name; the message has the set and the number
     * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">config.md</a>
     */
    public Map<String, List<String>> toOci() {
        return OciNames.write(this);
    }

    /**
     * {@return the five sets of a {@code process.capabilities} object; a missing list gives an empty set}
     *
     * @param capabilities the object, parsed from JSON; names are read by the rules of {@link OciNames}
     * @throws IllegalArgumentException if a key is not one of the five, an element of a list is not the name of a
     *     capability, or a key, a list or an element is null or has another type
     * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">config.md</a>
     */
    public static CapabilitySets ofOci(Map<String, ? extends Collection<String>> capabilities) {
        return ofOci(capabilities, unknown -> {
            throw new IllegalArgumentException(unknown.toString());
        });
    }

    /**
     * {@return the five sets of a {@code process.capabilities} object, without what is unknown}
     *
     * <p>The specification asks a runtime to warn about capabilities that it cannot grant, and to go on without them. What
     * is left out gives no privilege, so the result never holds more than the object names.
     *
     * @param capabilities the object, parsed from JSON; names are read by the rules of {@link OciNames}
     * @param unknown receives each unknown set and each unknown name, on the calling thread and in the order of the object;
     *     an exception that it throws ends the method
     * @throws IllegalArgumentException if a key, a list or an element is null or has another type
     * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">config.md</a>
     */
    public static CapabilitySets ofOci(Map<String, ? extends Collection<String>> capabilities,
                                       Consumer<OciNames.Unknown> unknown) {
        return OciNames.read(requireNonNull(capabilities, "capabilities"), requireNonNull(unknown, "unknown"));
    }

    /** {@return whether all five sets are empty} */
    public boolean isEmpty() {
        return equals(NONE);
    }

    /** {@return the five sets in one line} */
    @Override
    public String toString() {
        return "bounding=" + bounding + " permitted=" + permitted + " effective=" + effective
                + " inheritable=" + inheritable + " ambient=" + ambient;
    }
}
