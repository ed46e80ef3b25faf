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
 * The names that the runtime specification of the Open Container Initiative has in {@code process.capabilities}: those
 * of capabilities(7) in capitals, {@code CAP_CHOWN}.
 *
 * <p>The rules here are those of {@link CapabilitySets#ofOci} and {@link CapabilitySets#toOci}, too:
 * <ul>
 * <li>A name is read only as the specification spells it. {@code cap_chown}, {@code CHOWN} and numbers are refused.
 * <li>A capability that has no name here cannot be written. It is refused and not left out, so nothing is lost silently. To
 *     leave it out on purpose, write {@code set.intersect(CapabilitySet.ALL)}.
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
     * @throws IllegalArgumentException if a member has no name here; the message has its number
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
     * @param names spelled exactly as in the specification, in any order, also more than once
     * @throws IllegalArgumentException if one is not known, is spelled differently, or is null; the message has the name
     *     and the nearest one of the specification
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

    /** {@return {@code process.capabilities}, as the lists that its JSON has} */
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

    /** What is refused is refused with the name of the set. */
    private static <T> T naming(SetKind kind, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
        }
    }
}
