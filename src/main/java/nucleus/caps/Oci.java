package nucleus.caps;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code process.capabilities} of an OCI bundle, as the lists that its JSON has. {@link OciNames} has the rules on names. */
final class Oci {

    /** In the order of the specification. */
    private static final List<SetKind> MEMBERS = List.of(SetKind.EFFECTIVE, SetKind.BOUNDING, SetKind.INHERITABLE,
            SetKind.PERMITTED, SetKind.AMBIENT);

    private Oci() {
    }

    static Map<String, List<String>> write(CapabilitySets sets) {
        Map<String, List<String>> members = new LinkedHashMap<>();
        MEMBERS.forEach(kind -> members.put(kind.toString(), of(kind, () -> OciNames.of(sets.get(kind)))));
        return Collections.unmodifiableMap(members);
    }

    static CapabilitySets read(Map<String, ? extends Collection<String>> members) {
        CapabilitySets sets = CapabilitySets.NONE;
        for (Map.Entry<String, ? extends Collection<String>> member : members.entrySet()) {
            SetKind kind = MEMBERS.stream().filter(one -> one.toString().equals(member.getKey())).findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no set of capabilities is named "
                            + Names.quoted(String.valueOf(member.getKey()))));
            if (member.getValue() != null) {
                sets = sets.with(kind, of(kind, () -> OciNames.parse(member.getValue())));
            }
        }
        return sets;
    }

    /** What is refused is refused with the name of the set. */
    private static <T> T of(SetKind kind, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(kind + ": " + e.getMessage(), e);
        }
    }
}
