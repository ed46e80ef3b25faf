package nucleus.caps.tool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import nucleus.caps.SecureBits;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;

/**
 * The state of threads, one line for each property. Threads with equal state form one block. The largest block comes first,
 * and the other blocks mark their differences from it.
 */
final class Table {

    private static final int NAMED = 4;

    private Table() {
    }

    static String of(ThreadStatus thread) {
        return of(List.of(thread));
    }

    static String of(List<ThreadStatus> threads) {
        List<List<ThreadStatus>> blocks = new ArrayList<>(threads.stream()
                .collect(Collectors.groupingBy(Table::rows, LinkedHashMap::new, Collectors.toList())).values());
        blocks.sort(Comparator.comparingInt(List<ThreadStatus>::size).reversed());
        Map<String, String> usual = rows(blocks.getFirst().getFirst());
        return blocks.stream().map(block -> block(block, usual)).collect(Collectors.joining());
    }

    private static String block(List<ThreadStatus> block, Map<String, String> usual) {
        StringBuilder text = new StringBuilder(title(block)).append(System.lineSeparator());
        rows(block.getFirst()).forEach((name, value) -> text.append("%s %-13s %s%n".formatted(
                value.equals(usual.get(name)) ? " " : "*", name, value)));
        return text.toString();
    }

    private static String title(List<ThreadStatus> block) {
        String named = block.stream().limit(NAMED).map(thread -> thread.tid() + " (" + names(thread) + ")")
                .collect(Collectors.joining(", "));
        return block.size() == 1 ? "thread " + named
                : block.size() + " threads: " + named + (block.size() > NAMED ? ", …" : "");
    }

    /** The kernel's name, and the Java name if it differs. Names are untrusted. */
    private static String names(ThreadStatus thread) {
        String inJava = thread.javaName().filter(name -> !name.equals(thread.name()))
                .map(name -> ", in Java \"" + name + "\"").orElse("");
        return (thread.name() + inJava).replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}]", "?");
    }

    private static Map<String, String> rows(ThreadStatus thread) {
        Map<String, String> rows = new LinkedHashMap<>();
        for (SetKind kind : SetKind.values()) {
            rows.put(kind.toString(), thread.sets().get(kind).toString());
        }
        rows.put("no_new_privs", thread.noNewPrivs() ? "yes" : "no");
        rows.put("uid", thread.uids().toString());
        rows.put("gid", thread.gids().toString());
        rows.put("groups", thread.groups().isEmpty() ? "none"
                : thread.groups().stream().map(String::valueOf).collect(Collectors.joining(",")));
        rows.put("securebits", thread.secureBits().map(SecureBits::toString).orElse("?"));
        return rows;
    }
}
