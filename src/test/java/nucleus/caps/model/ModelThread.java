package nucleus.caps.model;

import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.plan.FakeThread;

/** A thread of the model, and what its line of ancestors had at the start and at the start of the present step. */
final class ModelThread {

    final int tid;
    final FakeThread kernel;
    final Credentials start;
    Credentials step;

    private ModelThread(int tid, Credentials now, Credentials start, Credentials step) {
        this.tid = tid;
        this.start = start;
        this.step = step;
        kernel = new FakeThread(new ThreadStatus(tid, "model", now));
    }

    static ModelThread first(int tid, Credentials start) {
        return new ModelThread(tid, start, start, start);
    }

    ModelThread child(int child) {
        return new ModelThread(child, now(), start, step);
    }

    Credentials now() {
        return kernel.status().credentials();
    }

    boolean changed() {
        return !now().equals(step);
    }
}
