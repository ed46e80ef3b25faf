package nucleus.caps.internal.recipe;

import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NO_SETUID_FIXUP;

import nucleus.caps.Capability;
import nucleus.caps.Credentials;
import nucleus.caps.SecureBits;

/** What the securebits of a thread mean for it, and for its changes of the uid. */
final class Root {

    private Root() {
    }

    /** The securebits of a thread of which everything is known. */
    static SecureBits bits(Credentials of) {
        return of.secureBits().orElseThrow();
    }

    static boolean effective(Credentials of, Capability capability) {
        return of.sets().effective().contains(capability);
    }

    static boolean keepsCaps(Credentials of) {
        return bits(of).contains(KEEP_CAPS);
    }

    static Credentials withKeepCaps(Credentials of, boolean on) {
        return of.with(on ? bits(of).with(KEEP_CAPS) : bits(of).without(KEEP_CAPS));
    }

    static boolean fixesUp(Credentials of) {
        return !bits(of).contains(NO_SETUID_FIXUP);
    }

    /** Whether a switch to that uid makes the kernel clear permitted, unless KEEPCAPS is on. */
    static boolean isLeftBy(Credentials of, long uid) {
        boolean root = of.uids().real() == 0 || of.uids().effective() == 0 || of.uids().saved() == 0;
        return fixesUp(of) && root && uid != 0;
    }
}
