package privileged.harness;

import static privileged.harness.TestIds.NOBODY;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what every living thread of another process is. */
public record Observer(long process) {

    private static final List<Long> NOBODIES = List.of(NOBODY, NOBODY, NOBODY, NOBODY);

    /** What {@code drop} leaves to a thread of nobody. */
    public static final OutsideStatus NOTHING = new OutsideStatus(0, 0, 0, 0, 0, NOBODIES, NOBODIES, List.of(), true);

    /** {@return each thread that is in none of those states; empty where there is none} */
    public String othersThan(List<OutsideStatus> allowed) {
        return ProcTasks.of(process).stream().sorted(Comparator.comparing(Observer::tid).reversed())
                .flatMap(task -> OutsideStatus.ofLiving(task).filter(status -> !allowed.contains(status)).stream()
                        .map(status -> tid(task) + " (" + ProcTasks.name(task) + ") " + status))
                .collect(Collectors.joining("; "));
    }

    /** A member of a lineage is young, and soon gone: so it is read first. */
    private static long tid(Path task) {
        return Long.parseLong(task.getFileName().toString());
    }
}
