package nucleus.caps.internal.plan;

import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.function.UnaryOperator;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.Mode;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Errno;

/** What libcap's modes leave: cap_set_mode(3). */
final class Modes {

    private Modes() {
    }

    /** {@return the end of a thread in a mode, computed from its start} */
    static UnaryOperator<Credentials> end(Mode mode, boolean noNewPrivs) {
        if (mode == Mode.UNCERTAIN) {
            throw new IllegalArgumentException("the mode UNCERTAIN cannot be entered; it means that the state matches no mode");
        }
        boolean last = noNewPrivs || mode == Mode.NOPRIV;
        SecureBits bits = mode == Mode.HYBRID ? SecureBits.NONE : SecureBits.LOCKED_DOWN;
        return now -> {
            if (mode != Mode.NOPRIV && isNoPriv(now)) {
                throw new Refusal("prctl(PR_SET_SECUREBITS, " + bits.mask() + ")", Errno.EPERM,
                        "needs CAP_SETPCAP; the mode NOPRIV holds no capability and cannot be left").thrown();
            }
            return left(mode, now).with(bits).withNoNewPrivs(last || now.noNewPrivs());
        };
    }

    private static Credentials left(Mode mode, Credentials now) {
        Credentials cleared = now.with(EFFECTIVE, CapabilitySet.NONE);
        if (mode == Mode.HYBRID) {
            return cleared;
        }
        Credentials pure = cleared.with(AMBIENT, CapabilitySet.NONE);
        if (mode == Mode.PURE1E) {
            return pure;
        }
        Credentials init = pure.with(INHERITABLE, CapabilitySet.NONE);
        return mode == Mode.PURE1E_INIT ? init
                : init.with(PERMITTED, CapabilitySet.NONE).with(BOUNDING, CapabilitySet.NONE);
    }

    private static boolean isNoPriv(Credentials now) {
        return now.sets().isEmpty() && SecureBits.LOCKED_DOWN.equals(UidFixup.bits(now));
    }
}
