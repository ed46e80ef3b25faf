package nucleus.caps.tool;

import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import nucleus.caps.ProcessStatus;

/** Processes below their parents. A process without capabilities is included only as an ancestor of one that has some. */
final class ProcessTree {

    private final SortedMap<Integer, ProcessStatus> processes = new TreeMap<>();
    private final Set<Integer> drawn = new HashSet<>();

    private ProcessTree() {
    }

    /** @param others finds a process that is not among the holders, or empty if it has ended */
    static ProcessTree of(List<ProcessStatus> holders, IntFunction<Optional<ProcessStatus>> others) {
        ProcessTree tree = new ProcessTree();
        holders.forEach(holder -> tree.processes.put(holder.pid(), holder));
        holders.forEach(holder -> tree.addAncestors(holder.ppid(), others));
        return tree;
    }

    private void addAncestors(int parent, IntFunction<Optional<ProcessStatus>> others) {
        for (int pid = parent; pid > 0 && !processes.containsKey(pid); pid = processes.get(pid).ppid()) {
            Optional<ProcessStatus> ancestor = others.apply(pid);
            if (ancestor.isEmpty()) {
                return;
            }
            processes.put(pid, ancestor.get());
        }
    }

    void print(PrintWriter out, HeldText text) {
        Stream<ProcessStatus> roots = processes.values().stream().filter(p -> !processes.containsKey(p.ppid()));
        Stream.concat(roots, processes.values().stream()).forEach(root -> print(out, text, root, "", "--", "  "));
    }

    /** @param below the prefix of the lines of the process's threads and children */
    private void print(PrintWriter out, HeldText text, ProcessStatus process, String indent, String branch,
                       String below) {
        if (!drawn.add(process.pid())) {
            return; // printed as a child. Processes are not read at the same moment, so a cycle is possible
        }
        out.println(indent + branch + Line.shown(process.name()) + "(" + process.pid() + ")"
                + (process.holdsCapabilities() ? " " + text.of(process.sets()) : ""));
        text.differing(process).forEach(line -> out.println(indent + below + line));
        List<ProcessStatus> children = processes.values().stream()
                .filter(child -> child.ppid() == process.pid()).toList();
        for (ProcessStatus child : children) {
            boolean last = child.equals(children.getLast());
            print(out, text, child, indent + below, "+-", last ? "  " : "| ");
        }
    }
}
