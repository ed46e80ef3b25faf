package nucleus.caps.model;

import nucleus.caps.Credentials;
import nucleus.caps.SecureBit;
import nucleus.caps.SetKind;

/** The properties, which the description of this package gives as formulas. */
enum Property {

    ASKED, NO_GAIN, UNCHANGED, RETRY, KEEPCAPS, SUCCEEDS, ENDS;

    void require(boolean holds, Object where) {
        if (!holds) {
            throw new Violation(this, where);
        }
    }

    /** Nothing is held that the kernel's rules do not give to a thread that began with these credentials. */
    static void requireNoGain(Credentials start, Credentials now, Object where) {
        boolean within = within(now, SetKind.BOUNDING, start, SetKind.BOUNDING)
                && within(now, SetKind.PERMITTED, start, SetKind.PERMITTED)
                && within(now, SetKind.EFFECTIVE, now, SetKind.PERMITTED)
                && start.get(SetKind.INHERITABLE).union(start.get(SetKind.BOUNDING)).containsAll(now.get(SetKind.INHERITABLE))
                && within(now, SetKind.AMBIENT, now, SetKind.PERMITTED)
                && within(now, SetKind.AMBIENT, now, SetKind.INHERITABLE);
        boolean root = !now.uids().contains(0) || start.uids().contains(0);
        boolean locks = (bits(start) & 0xaaa & ~bits(now)) == 0 && (now.noNewPrivs() || !start.noNewPrivs());
        NO_GAIN.require(within && root && locks, where);
    }

    private static boolean within(Credentials inner, SetKind in, Credentials outer, SetKind out) {
        return outer.get(out).containsAll(inner.get(in));
    }

    static int bits(Credentials of) {
        return of.secureBits().orElseThrow().bits();
    }

    static boolean keepsCaps(Credentials of) {
        return of.secureBits().orElseThrow().contains(SecureBit.KEEP_CAPS);
    }
}
