package nucleus.caps.tool;

import java.util.stream.Collectors;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;

/** What a thread holds, a line for each aspect. */
final class Table {

    private Table() {
    }

    static String of(ThreadStatus thread) {
        StringBuilder table = new StringBuilder("thread " + thread.tid() + " (" + thread.name() + ")" + System.lineSeparator());
        for (SetKind kind : SetKind.values()) {
            row(table, kind.toString(), thread.sets().get(kind));
        }
        row(table, "no_new_privs", thread.noNewPrivs() ? "yes" : "no");
        row(table, "uid", thread.uids());
        row(table, "gid", thread.gids());
        row(table, "groups", thread.groups().isEmpty() ? "none"
                : thread.groups().stream().map(String::valueOf).collect(Collectors.joining(",")));
        row(table, "securebits", thread.secureBits().map(SecureBits::toString).orElse("?"));
        return table.toString();
    }

    private static void row(StringBuilder table, String name, Object value) {
        table.append("  %-13s %s%n".formatted(name, value));
    }
}
