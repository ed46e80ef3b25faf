package privileged.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** What the threads of a child must hold that are not at the point where the child waits. */
final class OtherThreads {

    private final Set<String> announced = new HashSet<>();
    private final Set<String> inheriting = new HashSet<>();
    private final Duration patience;
    private boolean together;

    OtherThreads(Duration patience) {
        this.patience = patience;
    }

    /** A thread that came to a point of its own is checked there alone. */
    void announced(long thread) {
        announced.add(Long.toString(thread));
    }

    /** Threads of that name hold as little as the thread that created them. */
    void inheriting(String name) {
        inheriting.add(name);
    }

    /** From now on every thread must be as the one at the point. */
    void together() {
        together = true;
    }

    void check(long process, OutsideStatus start, OutsideStatus atThePoint) {
        OutsideStatus expected = together ? atThePoint : start;
        for (Path task : ProcTasks.of(process)) {
            if (together || !announced.contains(task.getFileName().toString())) {
                OutsideStatus.ofLiving(task).filter(other -> !other.equals(expected) && !inherits(task)).ifPresent(
                        other -> assertThat(other).as("another thread of the child, %s (%s)", task, ProcTasks.name(task))
                                .isEqualTo(expected));
            }
        }
    }

    /** A thread that has just begun has another's name until it takes its own. */
    private boolean inherits(Path task) {
        long began = System.nanoTime();
        while (!inheriting.isEmpty() && System.nanoTime() - began < patience.toNanos()) {
            String name = ProcTasks.name(task);
            if (inheriting.contains(name) || name.isEmpty()) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }
}
