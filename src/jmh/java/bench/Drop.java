package bench;

import nucleus.caps.Caps;
import nucleus.caps.Identity;
import nucleus.caps.Scope;

/** The whole job: every thread of a fresh JVM, from root to nobody without capabilities. */
final class Drop {

    static final long NOBODY = 65534;

    private Drop() {
    }

    public static void main(String[] args) {
        Caps.begin(Scope.PROCESS).drop(Identity.of(NOBODY, NOBODY));
    }
}
