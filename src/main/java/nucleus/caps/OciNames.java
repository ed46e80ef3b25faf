package nucleus.caps;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import nucleus.caps.internal.text.Quoted;

/**
 * Reads and writes the names in {@code process.capabilities} of the runtime specification of the Open Container
 * Initiative: the names of capabilities(7) in capitals, for example {@code CAP_CHOWN}.
 *
 * <p>{@link CapabilitySets#ofOci} and {@link CapabilitySets#toOci} follow the same rules:
 * <ul>
 * <li>A name must be spelled exactly as in the specification. {@code cap_chown}, {@code CHOWN} and numbers are refused.
 * <li>A capability without a {@link Capability} constant cannot be written. It is refused, so nothing is lost silently. To
 *     omit it on purpose, write {@code set.intersect(CapabilitySet.ALL)}.
 * </ul>
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">runtime-spec</a>
 */
public final class OciNames {

    /** In the order of the specification. */
    private static final List<SetKind> MEMBERS = List.of(SetKind.EFFECTIVE, SetKind.BOUNDING, SetKind.INHERITABLE,
            SetKind.PERMITTED, SetKind.AMBIENT);

    private OciNames() {
    }

    /**
     * {@return the names of the members, by ascending number}
     *
     * @param set the set
     * @throws IllegalArgumentException if a member has no {@link Capability} constant; the message has its number
     */
    public static List<String> of(CapabilitySet set) {
        CapabilitySet unnamed = set.minus(CapabilitySet.ALL);
        if (!unnamed.isEmpty()) {
            throw new IllegalArgumentException("the runtime specification has no name for capability " + unnamed);
        }
        return set.named().map(Enum::name).toList();
    }

    /**
     * {@return the set that those names describe}
     *
     * @param names spelled exactly as in the specification, in any order; repetitions are allowed
     * @throws IllegalArgumentException if a name is unknown, spelled differently, or null; the message has the name and
     *     the nearest name of the specification
     */
    public static CapabilitySet parse(Collection<String> names) {
        return CapabilitySet.of(names.stream().map(OciNames::capability).toList());
    }

    private static Capability capability(String given) {
        String name = String.valueOf(given);
        Optional<Capability> found = Arrays.stream(Capability.values()).filter(c -> c.name().equals(name)).findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("no capability is named " + Quoted.of(name)
                + " in the runtime specification; the nearest is " + Capability.NAMES.nearestTo(name)));
    }

    /** {@return {@code process.capabilities}: the lists of its JSON object} */
    static Map<String, List<String>> write(CapabilitySets sets) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        MEMBERS.forEach(kind -> members.put(kind.toString(), naming(kind, () -> of(sets.get(kind)))));
        return Collections.unmodifiableMap(members);
    }

    static CapabilitySets read(Map<String, ? extends Collection<String>> members) {
        CapabilitySets sets = CapabilitySets.NONE;
        for (Map.Entry<String, ? extends Collection<String>> member : members.entrySet()) {
            SetKind kind = MEMBERS.stream().filter(one -> one.toString().equals(member.getKey())).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no set of capabilities is named "
                            + Quoted.of(String.valueOf(member.getKey()))));
            if (member.getValue() != null) {
                sets = sets.with(kind, naming(kind, () -> parse(member.getValue())));
            }
        }
        return sets;
    }

    /** Runs an action. A refusal gets the name of the set in its message. */
    private static <T> T naming(SetKind kind, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
        }
    }
}
