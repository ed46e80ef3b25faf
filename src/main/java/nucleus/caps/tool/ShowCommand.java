package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import nucleus.caps.Caps;
import nucleus.caps.ThreadStatus;

/** {@code caps show} and {@code caps threads}. */
final class ShowCommand {

    private static final String JSON = "--json";
    private static final long MAX_PID = 0xffff_ffffL;

    private ShowCommand() {
    }

    static void run(PrintWriter out, List<String> words) {
        CommandLine arguments = arguments("show", words);
        ThreadStatus thread = arguments.operands().isEmpty() ? Caps.thread()
                : Caps.process(pid(arguments.operands().getFirst())).main();
        out.print(arguments.has(JSON) ? Json.of(StateJson.of(thread)) + System.lineSeparator() : Table.of(thread));
    }

    static void threads(PrintWriter out, List<String> words) {
        CommandLine arguments = arguments("threads", words);
        List<ThreadStatus> threads = arguments.operands().isEmpty() ? Caps.threads()
                : Caps.threads(pid(arguments.operands().getFirst()));
        out.print(arguments.has(JSON) ? Json.of(threads.stream().map(StateJson::of).toList()) + System.lineSeparator()
                : Table.of(threads));
    }

    private static CommandLine arguments(String command, List<String> words) {
        CommandLine arguments = CommandLine.of(command, words, Set.of(JSON), Set.of());
        if (arguments.operands().size() > 1) {
            throw new UsageException(command + " takes one PID, not " + arguments.operands().size()
                    + "; options stand before it");
        }
        return arguments;
    }

    static long pid(String word) {
        return Line.number("a PID", word, 1, MAX_PID);
    }
}
