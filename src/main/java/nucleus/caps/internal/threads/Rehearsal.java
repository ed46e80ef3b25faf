package nucleus.caps.internal.threads;

import java.util.ArrayList;
import java.util.List;

/** Threads that are only looked at: their answers are made up. It leaves nothing to be loaded for a real round. */
final class Rehearsal implements Tasks {

    private final Tasks tasks;
    private List<Answer> arriving = new ArrayList<>();

    Rehearsal(Tasks tasks) {
        this.tasks = tasks;
    }

    List<Answer> arriving() {
        List<Answer> arrived = arriving;
        arriving = new ArrayList<>();
        return arrived;
    }

    @Override
    public int self() {
        return tasks.self();
    }

    @Override
    public Listing list() {
        return tasks.list();
    }

    @Override
    public TaskStat stat(int tid) {
        return tasks.stat(tid);
    }

    @Override
    public long signal(int tid) {
        arriving.add(new Answer(tid, 0, 0));
        return 0;
    }

    @Override
    public void pause(long nanos) {
        tasks.pause(nanos);
    }
}
