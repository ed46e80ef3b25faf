package nucleus.caps;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * The names that the runtime specification of the Open Container Initiative has in {@code process.capabilities}: those
 * of capabilities(7) in capitals, {@code CAP_CHOWN}.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config.md#linux-process">runtime-spec</a>
 */
public final class OciNames {

    private OciNames() {
    }

    /**
     * {@return the names of the members, by ascending number}
     *
     * @param set the set
     * @throws IllegalArgumentException if a member has no name here: left out, it would be lost unseen
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
     * @throws IllegalArgumentException if one is not known, or spelled otherwise
     */
    public static CapabilitySet parse(Collection<String> names) {
        return CapabilitySet.of(names.stream().map(OciNames::capability).toList());
    }

    private static Capability capability(String name) {
        Optional<Capability> found = Arrays.stream(Capability.values()).filter(c -> c.name().equals(name)).findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("the runtime specification names "
                + Names.nearestTo(name).name() + ", not " + Names.quoted(name)));
    }
}
