package nucleus.caps.internal.recipe;

import static java.util.Objects.requireNonNull;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;

/**
 * What can be given up without CAP_SETPCAP: everything but the bounding set. That is out of reach afterwards, because
 * no_new_privs keeps every program from gaining what it would allow.
 *
 * @param secureBits what they are afterwards
 */
public record LockUnprivileged(Optional<SecureBits> secureBits) implements Recipe {

    public LockUnprivileged {
        requireNonNull(secureBits, "secureBits");
    }

    @Override
    public String name() {
        return "lockUnprivileged";
    }

    @Override
    public void plan(Plan plan) {
        requireNoRoot(plan.state());
        secureBits.ifPresent(bits -> Securing.write(plan, bits));
        plan.add(new Change.CapSet(CapabilitySet.NONE, CapabilitySet.NONE, CapabilitySet.NONE)); // masks ambient
        plan.add(new Change.KeepCaps(false));
        plan.add(new Change.NoNewPrivs());
    }

    /** For uid 0 the bounding set is what execve gives, and what it owns is enough to get everything back. */
    private static void requireNoRoot(State now) {
        if (now.uids().contains(0)) {
            throw new Plan.Refused(new Refusal("lockUnprivileged", Errno.NONE,
                    "a uid is 0 (" + now.uids() + "), which is root without any capability: switch the identity"));
        }
    }

    @Override
    public State expected(State before) {
        State locked = before.with(PERMITTED, CapabilitySet.NONE).with(EFFECTIVE, CapabilitySet.NONE)
                .with(INHERITABLE, CapabilitySet.NONE).with(AMBIENT, CapabilitySet.NONE)
                .withKeepCaps(false).withNoNewPrivs();
        return secureBits.map(locked::with).orElse(locked);
    }
}
