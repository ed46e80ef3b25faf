package nucleus.caps.internal.threads;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import nucleus.caps.internal.sys.Syscall;

/** The threads of this JVM. */
final class LiveTasks implements Tasks {

    private final Machine machine;
    private final TaskDirectory directory;
    private final Signal signal;
    private final MemorySegment time = Arena.global().allocate(JAVA_LONG, 2);

    LiveTasks(Machine machine, TaskDirectory directory, Signal signal) {
        this.machine = machine;
        this.directory = directory;
        this.signal = signal;
    }

    @Override
    public int self() {
        return (int) machine.call(Syscall.GETTID);
    }

    @Override
    public TaskListing list() {
        return directory.list();
    }

    @Override
    public TaskStat stat(int tid) {
        return directory.stat(tid);
    }

    @Override
    public long signal(int tid, int ask) {
        return signal.send(tid, ask);
    }

    /** Sleeps in a downcall, because the garbage collector does not wait for a thread in a downcall. */
    @Override
    public void pause(long nanos) {
        time.setAtIndex(JAVA_LONG, 1, nanos);
        machine.call(Syscall.NANOSLEEP, time.address());
    }

    @Override
    public long time() {
        return System.nanoTime();
    }
}
