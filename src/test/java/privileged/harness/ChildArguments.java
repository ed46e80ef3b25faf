package privileged.harness;

import java.util.Arrays;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Identity;

/** How a test tells its child what to ask for. */
public final class ChildArguments {

    private ChildArguments() {
    }

    /** Five masks, as {@link OutsideStatus#masks} prints them. */
    public static CapabilitySets sets(String masks) {
        CapabilitySet[] five = Arrays.stream(masks.split("/")).map(CapabilitySet::ofMask)
                .toArray(CapabilitySet[]::new);
        return new CapabilitySets(five[0], five[1], five[2], five[3], five[4]);
    }

    /** {@code uid:gid} and any number of groups, all separated by colons. */
    public static Identity identity(String ids) {
        long[] all = Arrays.stream(ids.split(":")).mapToLong(Long::parseLong).toArray();
        return Identity.of(all[0], all[1], Arrays.copyOfRange(all, 2, all.length));
    }
}
