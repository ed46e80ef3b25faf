package nucleus.caps.tool;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.List;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.Phase;

/** {@code caps drop}: goes through the phases, and prints the state after each as read back from the kernel. */
final class DropCommand {

    private DropCommand() {
    }

    static void run(PrintWriter out, PrintWriter err, List<String> words) {
        DropOptions options = DropOptions.parse(words);
        Phase.Initial initial = Caps.begin(options.scope(), options::with);
        show(out, "before", initial);
        advise(err, initial, options);
        if (options.unprivileged()) {
            show(out, "locked and verified", options.identity().isPresent()
                    ? initial.lockUnprivileged(options.identity().get()) : initial.lockUnprivileged());
            return;
        }
        if (options.identity().isPresent() && !options.identity().get().isRoot()) {
            CapabilityOptions.warn(err, options.keep());
        }
        Phase.BoundingDropped bounding = initial.dropBoundingSetExcept(options.keep());
        show(out, "bounding set dropped", bounding);
        Phase.Dropped dropped;
        if (options.identity().isPresent()) {
            Phase.IdentitySwitched switched = bounding.switchIdentity(options.identity().get());
            show(out, "identity switched", switched);
            dropped = switched.finalizeDrop();
        } else {
            dropped = bounding.finalizeDrop();
        }
        show(out, "dropped and verified", dropped);
    }

    /** Without CAP_SETUID and CAP_SETGID, or for a path that this locale cannot spell, no advice can be had. The drop goes on. */
    private static void advise(PrintWriter err, Phase.Initial initial, DropOptions options) {
        if (options.identity().isPresent()) {
            try {
                initial.advise(options.identity().get()).forEach(advice -> err.println("caps: " + advice));
            } catch (CapsException | InvalidPathException e) {
                err.println("caps: no advice: " + Line.message(e));
            }
        }
    }

    private static void show(PrintWriter out, String title, Phase phase) {
        out.println("== " + title);
        out.print(Table.of(phase.observed()));
    }
}
