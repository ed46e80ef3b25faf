package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import nucleus.caps.internal.text.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the names in {@code process.capabilities} of the runtime specification of the Open Container
 * Initiative: the names of capabilities(7) in capitals, for example {@code CAP_CHOWN}.
 *
 * <p>{@code CapabilitySets.ofOci} and {@link CapabilitySets#toOci} follow the same rules:
 * <ul>
 * <li>A name must be spelled exactly as in the specification. {@code cap_chown}, {@code CHOWN} and numbers are refused, or
 *     handed over by {@link CapabilitySets#ofOci(Map, Consumer)}.
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

    private static final Map<String, Capability> BY_NAME = Arrays.stream(Capability.values())
            .collect(Collectors.toUnmodifiableMap(Enum::name, capability -> capability));

    /**
     * Something in {@code process.capabilities} that this library does not understand.
     *
     * @param set the name of the set, as given
     * @param name the name in the list of that set, as given; empty if the set itself is unknown
     */
    public record Unknown(String set, Optional<String> name) {

        /** Refuses null. */
        public Unknown {
            requireNonNull(set, "set");
            requireNonNull(name, "name");
        }

        /** {@return one line for a log, without control characters; a long name is cut off} */
        @Override
        public String toString() {
            return name.map(known -> set + ": " + noCapability(known))
                    .orElseGet(() -> "no capability set is named " + Quoted.of(set));
        }
    }

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
        return set("", requireNonNull(names, "names"), name -> {
            throw new IllegalArgumentException(noCapability(name));
        });
    }

    /** @param where the beginning of messages */
    private static CapabilitySet set(String where, Collection<?> names, Consumer<String> unknown) {
        CapabilitySet set = CapabilitySet.NONE;
        for (Object given : names) {
            if (!(given instanceof String name)) {
                throw new IllegalArgumentException(where + "the name of a capability is a string, not "
                        + type(given));
            }
            Capability capability = BY_NAME.get(name);
            if (capability == null) {
                unknown.accept(name);
            } else {
                set = set.union(CapabilitySet.of(capability));
            }
        }
        return set;
    }

    private static String noCapability(String name) {
        return "no capability is named " + Quoted.of(name) + " in the runtime specification; the nearest is "
                + Capability.NAMES.nearestTo(name);
    }

    /** {@return {@code process.capabilities}: the lists of its JSON object} */
    static Map<String, List<String>> write(CapabilitySets sets) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        MEMBERS.forEach(kind -> members.put(kind.toString(), naming(kind, () -> of(sets.get(kind)))));
        return Collections.unmodifiableMap(members);
    }

    /** Reads a JSON object, whose members may have any type. */
    static CapabilitySets read(Map<?, ?> members, Consumer<Unknown> unknown) {
        CapabilitySets sets = CapabilitySets.NONE;
        for (Map.Entry<?, ?> member : members.entrySet()) {
            if (!(member.getKey() instanceof String key)) {
                throw new IllegalArgumentException("the name of a set is a string, not " + type(member.getKey()));
            }
            Optional<SetKind> kind = MEMBERS.stream().filter(one -> one.toString().equals(key)).findFirst();
            if (kind.isEmpty()) {
                unknown.accept(new Unknown(key, Optional.empty()));
            } else {
                sets = sets.with(kind.get(), set(key + ": ", list(key, member.getValue()),
                        name -> unknown.accept(new Unknown(key, Optional.of(name)))));
            }
        }
        return sets;
    }

    private static Collection<?> list(String set, @Nullable Object value) {
        if (value instanceof Collection<?> list) {
            return list;
        }
        throw new IllegalArgumentException(set + ": a list of names is needed, not " + type(value)
                + (value == null ? "; for an empty set, leave the list out" : ""));
    }

    private static String type(@Nullable Object value) {
        return value == null ? "null" : "a " + value.getClass().getName();
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
