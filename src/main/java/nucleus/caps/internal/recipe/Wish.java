package nucleus.caps.internal.recipe;

import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.kernel.Errno;

/** Refuses a wish that cannot be met, with the missing capabilities. To settle for less is the caller's choice. */
final class Wish {

    private Wish() {
    }

    static void within(CapabilitySet wish, CapabilitySet limit, String syscall, String rule) {
        if (!limit.containsAll(wish)) {
            throw new Plan.Refused(new Refusal(syscall, Errno.EPERM,
                    rule + ", which lacks " + wish.minus(limit)));
        }
    }
}
