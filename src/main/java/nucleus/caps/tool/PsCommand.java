package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.ProcessStatus;
import nucleus.caps.internal.text.Quoted;

/** {@code caps ps}: prints the processes that hold capabilities, as a list like pscap or as a tree like captree. */
final class PsCommand {

    private static final String ALL = "--all";
    private static final String JSON = "--json";
    private static final String TREE = "--tree";

    private PsCommand() {
    }

    static void run(PrintWriter out, List<String> words) {
        CommandLine arguments = CommandLine.of("ps", words, Set.of(ALL, TREE, JSON), Set.of());
        if (!arguments.operands().isEmpty()) {
            throw new UsageException("ps takes only options, not " + Quoted.of(arguments.operands().getFirst()));
        }
        if (arguments.has(TREE) && arguments.has(JSON)) {
            throw new UsageException(TREE + " and " + JSON + " exclude one another; each process has its ppid");
        }
        HeldText text = new HeldText(Caps.supported());
        List<ProcessStatus> holders = Caps.processes().filter(ProcessStatus::holdsCapabilities).toList();
        List<ProcessStatus> shown = holders.stream().filter(p -> arguments.has(ALL) || !p.kernel()).toList();
        UserNames users = new UserNames();
        if (arguments.has(JSON)) {
            out.println(Json.of(shown.stream().map(process -> StateJson.of(process, users.of(process.uid()))).toList()));
            return;
        }
        if (arguments.has(TREE)) {
            ProcessTree.of(shown, PsCommand::living).print(out, text);
        } else {
            table(out, shown, text, users);
        }
        if (shown.size() < holders.size()) {
            out.println("(and " + (holders.size() - shown.size()) + " threads of the kernel: --all)");
        }
    }

    private static Optional<ProcessStatus> living(int pid) {
        try {
            return Optional.of(Caps.process(pid));
        } catch (CapsException e) {
            return Optional.empty(); // it has ended meanwhile, so its children have another parent
        }
    }

    private static void table(PrintWriter out, List<ProcessStatus> processes, HeldText text, UserNames users) {
        out.println("   PPID     PID       USER NAME             CAPABILITIES");
        for (ProcessStatus process : processes) {
            out.println(String.format(Locale.ROOT, "%7d %7d %10s %-16s %s", process.ppid(), process.pid(),
                    users.text(process.uid()), Line.shown(process.name()), text.of(process.sets())));
            text.differing(process).forEach(line -> out.println(" ".repeat(27) + line));
        }
    }
}
