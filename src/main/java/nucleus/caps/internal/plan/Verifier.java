package nucleus.caps.internal.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import org.jspecify.annotations.Nullable;

/** Compares the credentials of a thread with the expected ones, field by field. */
public final class Verifier {

    private final ThreadStatus thread;
    private final List<Difference> differences = new ArrayList<>();

    private Verifier(ThreadStatus thread) {
        this.thread = thread;
    }

    /** {@return one difference for each field that is not as expected} */
    public static List<Difference> differences(Credentials expected, ThreadStatus thread) {
        return thread.credentials().equals(expected) ? List.of() : new Verifier(thread).compare(expected);
    }

    private List<Difference> compare(Credentials expected) {
        set(SetKind.BOUNDING, expected);
        set(SetKind.PERMITTED, expected);
        set(SetKind.EFFECTIVE, expected);
        set(SetKind.INHERITABLE, expected);
        set(SetKind.AMBIENT, expected);
        same("uids", expected.uids(), thread.uids());
        same("gids", expected.gids(), thread.gids());
        same("groups", expected.groups(), thread.groups());
        same("no_new_privs", expected.noNewPrivs(), thread.noNewPrivs());
        same("securebits", expected.secureBits().orElse(null), thread.secureBits().orElse(null));
        return differences;
    }

    private void set(SetKind kind, Credentials expected) {
        CapabilitySet wanted = expected.get(kind);
        CapabilitySet held = thread.sets().get(kind);
        CapabilitySet leaked = held.minus(wanted);
        if (!held.equals(wanted)) {
            add(kind.toString(), wanted, held + (leaked.isEmpty() ? "" : ", leaked " + leaked));
        }
    }

    private void same(String what, @Nullable Object wanted, @Nullable Object held) {
        if (!Objects.equals(wanted, held)) {
            add(what, Objects.toString(wanted, "unknown"), Objects.toString(held, "unknown"));
        }
    }

    private void add(String what, Object wanted, String held) {
        differences.add(new Difference(thread.tid(), thread.name(), what, wanted.toString(), held));
    }
}
