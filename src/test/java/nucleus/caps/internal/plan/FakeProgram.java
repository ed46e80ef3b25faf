package nucleus.caps.internal.plan;

import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.ToIntFunction;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;

/** The system calls of a plan, as a thread makes them under a model of the kernel. */
public final class FakeProgram {

    /** Makes one system call. */
    public interface Caller {
        Optional<Failure> call(Change change, String syscall, IntSupplier action);
    }

    private final FakeThread thread;
    private final Caller caller;

    public FakeProgram(FakeThread thread, Caller caller) {
        this.thread = thread;
        this.caller = caller;
    }

    /** Stops at the first refusal that is not tolerated, and KEEPCAPS goes off in any case. */
    public Optional<Failure> make(Plan plan) {
        Optional<Failure> last = Optional.empty();
        try {
            for (Plan.Step step : plan.steps()) {
                Optional<Failure> failure = run(step.change());
                last = failure.isPresent() ? failure : last;
                if (failure.isPresent() && !step.tolerated()) {
                    break;
                }
            }
        } finally {
            if (plan.endsKeepCaps()) {
                Optional<Failure> off = run(new Change.KeepCaps(false)).flatMap(again -> run(new Change.KeepCaps(false)));
                last = last.isPresent() ? last : off;
            }
        }
        return last;
    }

    private Optional<Failure> run(Change change) {
        return switch (change) {
            case Change.AdjustCaps adjust -> one(change, t -> {
                Change.CapSet set = adjust.on(t.status().sets());
                return t.capset(set.effective(), set.permitted(), set.inheritable());
            });
            case Change.CapSet set -> one(change, t -> t.capset(set.effective(), set.permitted(), set.inheritable()));
            case Change.DropBounding drop -> each(change, drop.set(),
                    n -> "prctl(PR_CAPBSET_DROP, " + constant(n) + ")", n -> thread.dropBounding(n));
            case Change.RaiseAmbient raise -> each(change, raise.set(),
                    n -> "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, " + constant(n) + ")",
                    n -> thread.raiseAmbient(n));
            case Change.LowerAmbient lower -> each(change, lower.set(),
                    n -> "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, " + constant(n) + ")",
                    n -> thread.lowerAmbient(n));
            case Change.KeepCaps keep -> one(change, t -> t.keepCaps(keep.on()));
            case Change.SetSecureBits set -> one(change, t -> t.setSecureBits(set.bits().bits()));
            case Change.NoNewPrivs _ -> one(change, FakeThread::noNewPrivs);
            case Change.SetGroups set -> one(change, t -> t.setgroups(set.groups()));
            case Change.SetGid set -> one(change, t -> t.setresgid(set.gid()));
            case Change.SetUid set -> one(change, t -> t.setresuid(set.uid()));
        };
    }

    private Optional<Failure> one(Change change, ToIntFunction<FakeThread> action) {
        return caller.call(change, change.syscall(), () -> action.applyAsInt(thread));
    }

    private Optional<Failure> each(Change change, CapabilitySet set, IntFunction<String> name,
                                   IntFunction<Integer> action) {
        for (int number : set.numbers().toArray()) {
            Optional<Failure> failure = caller.call(change, name.apply(number), () -> action.apply(number));
            if (failure.isPresent()) {
                return failure;
            }
        }
        return Optional.empty();
    }

    private static String constant(int number) {
        return Capability.of(number).map(Enum::name).orElse(Integer.toString(number));
    }
}
