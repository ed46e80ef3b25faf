package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import nucleus.caps.Caps;
import nucleus.caps.CapsException;
import nucleus.caps.ProcessStatus;

/** {@code caps ps}: prints the processes that hold capabilities, as a list like pscap or as a tree like captree. */
final class PsCommand {

    private static final String ALL = "--all";
    private static final String TREE = "--tree";

    private PsCommand() {
    }

    static void run(PrintWriter out, List<String> words) {
        for (String word : words) {
            if (!Set.of(ALL, TREE).contains(word)) {
                throw new UsageException("ps has no option \"" + Line.shown(word) + "\"");
            }
        }
        HeldText text = new HeldText(Caps.supported());
        List<ProcessStatus> holders = Caps.processes().filter(ProcessStatus::holdsCapabilities).toList();
        List<ProcessStatus> shown = holders.stream().filter(p -> words.contains(ALL) || !p.kernel()).toList();
        if (words.contains(TREE)) {
            ProcessTree.of(shown, PsCommand::living).print(out, text);
        } else {
            table(out, shown, text);
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

    private static void table(PrintWriter out, List<ProcessStatus> processes, HeldText text) {
        out.println("   PPID     PID        UID NAME             CAPABILITIES");
        for (ProcessStatus process : processes) {
            out.println(String.format(Locale.ROOT, "%7d %7d %10d %-16s %s", process.ppid(), process.pid(), process.uid(),
                    Line.shown(process.name()), text.of(process.sets())));
            text.differing(process).forEach(line -> out.println(" ".repeat(27) + line));
        }
    }
}
