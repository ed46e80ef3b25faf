package nucleus.caps.internal.recipe;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import nucleus.caps.CapabilitySet;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;

/** Compares what a thread holds with what it should hold, in every respect. */
final class Verifier {

    private final ThreadStatus thread;
    private final List<Difference> differences = new ArrayList<>();

    private Verifier(ThreadStatus thread) {
        this.thread = thread;
    }

    static List<Difference> differences(State expected, List<ThreadStatus> threads) {
        List<Difference> differences = new ArrayList<>();
        for (ThreadStatus thread : threads) {
            boolean asExpected = thread.secureBits().isPresent() && State.of(thread).equals(expected);
            differences.addAll(asExpected ? List.of() : new Verifier(thread).compare(expected));
        }
        return differences;
    }

    private List<Difference> compare(State expected) {
        set(SetKind.BOUNDING, expected);
        set(SetKind.PERMITTED, expected);
        set(SetKind.EFFECTIVE, expected);
        set(SetKind.INHERITABLE, expected);
        set(SetKind.AMBIENT, expected);
        same("uids", expected.uids(), thread.uids());
        same("gids", expected.gids(), thread.gids());
        same("groups", expected.groups(), thread.groups());
        same("no_new_privs", expected.noNewPrivs(), thread.noNewPrivs());
        same("securebits", expected.secureBits(), thread.secureBits().orElse(null));
        return differences;
    }

    private void set(SetKind kind, State expected) {
        CapabilitySet wanted = expected.get(kind);
        CapabilitySet held = thread.sets().get(kind);
        CapabilitySet leaked = held.minus(wanted);
        if (!held.equals(wanted)) {
            add(kind.toString(), wanted, held + (leaked.isEmpty() ? "" : ", leaked " + leaked));
        }
    }

    private void same(String what, Object wanted, Object held) {
        if (!wanted.equals(held)) {
            add(what, wanted, Objects.toString(held, "unknown"));
        }
    }

    private void add(String what, Object wanted, String held) {
        differences.add(new Difference(thread.tid(), thread.name(), what, wanted.toString(), held));
    }
}
