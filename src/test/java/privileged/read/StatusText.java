package privileged.read;

import java.util.Arrays;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;

/** Prints what the library reads as {@link privileged.harness.OutsideStatus} prints what /proc shows. */
final class StatusText {

    private StatusText() {
    }

    static String text(CapabilitySets sets) {
        return String.join("/", Arrays.stream(SetKind.values()).map(sets::get).map(CapabilitySet::mask).toList());
    }

    static String text(ThreadStatus status) {
        return "B/P/E/I/A " + text(status.sets()) + " uids " + ids(status.uids()) + " gids " + ids(status.gids())
                + " groups " + status.groups() + " nnp " + status.noNewPrivs();
    }

    private static String ids(Credentials.Ids ids) {
        return "[" + ids.real() + ", " + ids.effective() + ", " + ids.saved() + ", " + ids.fileSystem() + "]";
    }
}
