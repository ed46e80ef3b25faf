package nucleus.caps.internal.rules;

import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NO_SETUID_FIXUP;

import nucleus.caps.Capability;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBits;

/** The meaning of a thread's securebits, above all for its changes of the uid. */
public final class UidFixup {

    private UidFixup() {
    }

    /** The securebits of a thread whose securebits are known. */
    public static SecureBits bits(Credentials of) {
        return of.secureBits().orElseThrow();
    }

    static boolean effective(Credentials of, Capability capability) {
        return of.sets().effective().contains(capability);
    }

    public static boolean keepsCaps(Credentials of) {
        return bits(of).contains(KEEP_CAPS);
    }

    public static Credentials withKeepCaps(Credentials of, boolean on) {
        return of.with(on ? bits(of).with(KEEP_CAPS) : bits(of).without(KEEP_CAPS));
    }

    static boolean fixesUp(Credentials of) {
        return !bits(of).contains(NO_SETUID_FIXUP);
    }

    /** Whether a switch to this uid makes the kernel clear permitted, unless KEEPCAPS is on. */
    public static boolean isLeftBy(Credentials of, long uid) {
        boolean root = of.uids().real() == 0 || of.uids().effective() == 0 || of.uids().saved() == 0;
        return fixesUp(of) && root && uid != 0;
    }
}
