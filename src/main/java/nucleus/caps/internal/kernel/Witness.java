package nucleus.caps.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import nucleus.caps.Credentials;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.Proc;
import org.jspecify.annotations.Nullable;

/** Compares the state that a thread reported with its state in /proc. */
final class Witness {

    private static final String IDS = "\nUid:\t";
    private static final String MEMORY = "\nNStgid:\t";
    private static final String SETS = "\nCapInh:\t";
    private static final String SECCOMP = "\nSeccomp:\t";

    private final Predicate<Credentials> asked;
    /** From a confirmed file: the lines on ids and groups, and the lines on sets and no_new_privs. */
    private String ids = "";
    private String sets = "";

    /** @param asked whether the credentials are right */
    Witness(Predicate<Credentials> asked) {
        this.asked = asked;
    }

    /**
     * Checks one thread. A file with the same lines as a confirmed file is confirmed without parsing.
     *
     * @param told the state that the thread reported
     * @param text its status file, or null if the thread has ended since
     * @throws VerificationException if the file shows other credentials
     */
    void confirm(ThreadStatus told, @Nullable String text) {
        if (text == null || (!ids.isEmpty() && ids.equals(between(text, IDS, MEMORY))
                && sets.equals(between(text, SETS, SECCOMP)))) {
            return;
        }
        Optional<ThreadStatus> read = Proc.task(told.tid(), text);
        if (read.isEmpty()) {
            return; // a zombie
        }
        if (!asked.test(read.get().credentials().with(told.secureBits().orElseThrow()))) {
            throw new VerificationException("read(/proc/self/task/" + told.tid() + "/status)",
                    differences(told, read.get()), false, List.of(read.get()));
        }
        ids = between(text, IDS, MEMORY);
        sets = between(text, SETS, SECCOMP);
    }

    /** {@return the text between two labels; empty if a label is missing, as on older kernels} */
    private static String between(String text, String from, String to) {
        int begin = text.indexOf(from);
        int end = text.indexOf(to, Math.max(begin, 0));
        return begin < 0 || end < 0 ? "" : text.substring(begin, end);
    }

    private static List<Difference> differences(ThreadStatus told, ThreadStatus read) {
        List<Difference> differences = new ArrayList<>();
        for (SetKind kind : SetKind.values()) {
            add(differences, told, kind.toString(), told.sets().get(kind), read.sets().get(kind));
        }
        add(differences, told, "uids", told.uids(), read.uids());
        add(differences, told, "gids", told.gids(), read.gids());
        add(differences, told, "groups", told.groups(), read.groups());
        add(differences, told, "no_new_privs", told.noNewPrivs(), read.noNewPrivs());
        return differences;
    }

    private static void add(List<Difference> to, ThreadStatus thread, String what, Object told, Object read) {
        if (!told.equals(read)) {
            to.add(new Difference(thread.tid(), thread.name(), what, told.toString(), read.toString()));
        }
    }
}
