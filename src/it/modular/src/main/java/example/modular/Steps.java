package example.modular;

import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Phase;
import nucleus.caps.Scope;

/** Gives up root step by step, and leaves the work to a program that inherits nothing of it. */
public final class Steps {

    private Steps() {
    }

    public static void main(String[] args) throws Exception {
        try {
            Phase.BoundingDropped first = Caps.begin(Scope.PROCESS).dropBoundingSet();
            Phase.IdentitySwitched second = first.switchIdentity(Identity.of(65534, 65534));
            Phase.Dropped third = second.finalizeDrop();
            System.out.println(third.identity() + ": " + third.sets());
        } catch (CapsException e) {
            System.err.println("steps: " + e.getMessage());
            System.exit(1);
        }
        System.exit(new ProcessBuilder("cat").inheritIO().start().waitFor());
    }
}
