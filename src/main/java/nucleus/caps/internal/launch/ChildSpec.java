package nucleus.caps.internal.launch;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.sys.Denial;

/**
 * The requested state of a child when its program begins. It has no permitted and effective sets: execve(2) computes them.
 *
 * @param identity its ids, or empty for the effective ids of the calling thread without supplementary groups
 * @param bounding its bounding set
 * @param inheritable its inheritable set
 * @param ambient its ambient set
 * @param secureBits its securebits, or empty for those of the calling thread
 * @param noNewPrivs whether no_new_privs is set
 * @param denial what a seccomp filter refuses it
 */
public record ChildSpec(Optional<Identity> identity, CapabilitySet bounding, CapabilitySet inheritable,
                        CapabilitySet ambient, Optional<SecureBits> secureBits, boolean noNewPrivs,
                        Denial denial) {

    /** The least privilege: empty sets, and no_new_privs. */
    public static final ChildSpec LEAST = new ChildSpec(Optional.empty(), CapabilitySet.NONE, CapabilitySet.NONE,
            CapabilitySet.NONE, Optional.empty(), true, Denial.NONE);

    public ChildSpec {
        requireNonNull(identity, "identity");
        requireNonNull(bounding, "bounding");
        requireNonNull(inheritable, "inheritable");
        requireNonNull(ambient, "ambient");
        requireNonNull(secureBits, "secureBits");
    }
}
