package nucleus.caps.internal.launch;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;

/**
 * What a child is to be when its program begins. Permitted and effective are no wishes: execve(2) computes them.
 *
 * @param identity who it is, or else the effective ids of the thread that starts it, without supplementary groups
 * @param bounding its bounding set
 * @param inheritable its inheritable set
 * @param ambient its ambient set
 * @param secureBits its securebits, or else those of the thread that starts it
 * @param noNewPrivs whether no_new_privs is set
 */
public record ChildSpec(Optional<Identity> identity, CapabilitySet bounding, CapabilitySet inheritable,
                        CapabilitySet ambient, Optional<SecureBits> secureBits, boolean noNewPrivs) {

    /** The least that there is. */
    public static final ChildSpec LEAST = new ChildSpec(Optional.empty(), CapabilitySet.NONE, CapabilitySet.NONE,
            CapabilitySet.NONE, Optional.empty(), true);

    public ChildSpec {
        requireNonNull(identity, "identity");
        requireNonNull(bounding, "bounding");
        requireNonNull(inheritable, "inheritable");
        requireNonNull(ambient, "ambient");
        requireNonNull(secureBits, "secureBits");
    }
}
