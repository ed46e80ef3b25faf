package privileged.fault;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import privileged.harness.OutsideStatus;
import privileged.harness.ProcTasks;

/**
 * What another process reads of every task of a child, by the id of the task.
 *
 * @param tasks each living task, but those of the library itself
 */
record Snapshot(Map<Long, OutsideStatus> tasks) {

    /** The library tries a change on a thread of that name first. It lives for one call. */
    private static final String SCOUT = "nucleus.caps";

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** {@return the tasks of a process, as soon as no scout is among them} */
    static Snapshot of(long process) {
        long began = System.nanoTime();
        while (ProcTasks.of(process).stream().anyMatch(task -> ProcTasks.name(task).equals(SCOUT))
                && System.nanoTime() - began < PATIENCE.toNanos()) {
            Thread.onSpinWait();
        }
        Map<Long, OutsideStatus> tasks = new TreeMap<>();
        for (Path task : ProcTasks.of(process)) {
            if (!ProcTasks.name(task).equals(SCOUT)) {
                OutsideStatus.ofLiving(task)
                        .ifPresent(status -> tasks.put(Long.parseLong(task.getFileName().toString()), status));
            }
        }
        return new Snapshot(tasks);
    }

    OutsideStatus state(long task) {
        return tasks.get(task);
    }

    Snapshot without(long task) {
        Map<Long, OutsideStatus> others = new TreeMap<>(tasks);
        others.remove(task);
        return new Snapshot(others);
    }

    /** {@return each task that is in none of those states; empty where there is none} */
    String othersThan(List<OutsideStatus> allowed) {
        return tasks.entrySet().stream().filter(task -> !allowed.contains(task.getValue()))
                .map(task -> task.getKey() + " is " + task.getValue()).collect(Collectors.joining("; "));
    }

    /** {@return each task that is not as it was} A task that was not there before has the state of one that was. */
    String differencesFrom(Snapshot before) {
        return tasks.entrySet().stream().filter(task -> !before.explains(task.getKey(), task.getValue()))
                .map(task -> task.getKey() + " was " + before.state(task.getKey()) + ", is " + task.getValue())
                .collect(Collectors.joining("; "));
    }

    private boolean explains(long task, OutsideStatus status) {
        return tasks.containsKey(task) ? tasks.get(task).equals(status) : tasks.containsValue(status);
    }
}
