package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import nucleus.caps.Caps;

/** {@code caps show} and {@code caps threads}. */
final class ShowCommand {

    private ShowCommand() {
    }

    static void run(PrintWriter out, List<String> words) {
        if (words.size() > 1) {
            throw new UsageException("show takes one PID, not " + words.size());
        }
        out.print(Table.of(words.isEmpty() ? Caps.thread() : Caps.process(pid(words.getFirst())).main()));
    }

    static void threads(PrintWriter out, List<String> words) {
        if (words.size() > 1) {
            throw new UsageException("threads takes one PID, not " + words.size());
        }
        out.print(Table.of(words.isEmpty() ? Caps.threads() : Caps.threads(pid(words.getFirst()))));
    }

    private static long pid(String word) {
        if (!word.matches("[0-9]{1,10}")) {
            throw new UsageException("a PID is a number, not \"" + word + "\"");
        }
        return Long.parseLong(word);
    }
}
