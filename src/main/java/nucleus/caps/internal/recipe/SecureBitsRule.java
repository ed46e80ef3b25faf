package nucleus.caps.internal.recipe;

import static nucleus.caps.Capability.CAP_SETPCAP;

import nucleus.caps.SecureBits;
import nucleus.caps.internal.kernel.Errno;

/** When the kernel refuses a word of securebits, PR_SET_SECUREBITS(2const). */
final class SecureBitsRule {

    /** Each bit is followed by the one that locks it. */
    private static final int LOCKS = 0xAAAA_AAAA;
    private static final int KEEP_CAPS = 1 << 4;
    private static final int EXEC_BITS = 0xF00;

    private SecureBitsRule() {
    }

    static boolean needsPrivilege(SecureBits now, SecureBits wanted) {
        return ((now.bits() ^ wanted.bits()) & ~EXEC_BITS) != 0;
    }

    static void check(State now, SecureBits wanted) {
        int differing = now.secureBits().bits() ^ wanted.bits();
        int locked = now.secureBits().bits() & LOCKS;
        if ((wanted.bits() & KEEP_CAPS) != 0) {
            throw refused(wanted, "execve clears keep_caps, whether it is locked or not");
        }
        if ((differing & (locked | locked >>> 1)) != 0) {
            throw refused(wanted, "locked are " + new SecureBits(differing & (locked | locked >>> 1)));
        }
        if (needsPrivilege(now.secureBits(), wanted) && !now.effective(CAP_SETPCAP)) {
            throw refused(wanted, "needs CAP_SETPCAP in the effective set, which holds " + now.sets().effective());
        }
    }

    private static Plan.Refused refused(SecureBits wanted, String rule) {
        return new Plan.Refused(new Refusal("prctl(PR_SET_SECUREBITS, " + wanted + ")", Errno.EPERM, rule));
    }
}
