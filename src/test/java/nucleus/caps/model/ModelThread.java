package nucleus.caps.model;

import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.plan.FakeThread;
import nucleus.caps.internal.rules.Change;

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

    /** {@return one errno of the calls of a change that is made in one call} */
    int make(Change change) {
        return switch (change) {
            case Change.AdjustCaps adjust -> make(adjust.on(now().sets()));
            case Change.CapSet set -> kernel.capset(set.effective(), set.permitted(), set.inheritable());
            case Change.KeepCaps keep -> kernel.keepCaps(keep.on());
            case Change.SetSecureBits set -> kernel.setSecureBits(set.bits().bits());
            case Change.NoNewPrivs _ -> kernel.noNewPrivs();
            case Change.SetGroups set -> kernel.setgroups(set.groups());
            case Change.SetGid set -> kernel.setresgid(set.gid());
            case Change.SetUid set -> kernel.setresuid(set.uid());
            case Change.Each each -> throw new IllegalArgumentException(each.syscall());
        };
    }

    int make(Change.Each each, int number) {
        return switch (each) {
            case Change.DropBounding _ -> kernel.dropBounding(number);
            case Change.RaiseAmbient _ -> kernel.raiseAmbient(number);
            case Change.LowerAmbient _ -> kernel.lowerAmbient(number);
        };
    }
}
