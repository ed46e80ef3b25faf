package nucleus.caps.internal.kernel;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** The calling thread. It reads and changes itself with its own system calls. */
final class ThisThread {

    private final ChangeCalls calls = new ChangeCalls(Syscall::number);
    private final OwnReport report;

    /** @param supported the capabilities that the kernel knows */
    ThisThread(CapabilitySet supported) {
        report = new OwnReport(supported);
    }

    /** {@return the state that the thread reports, confirmed by /proc} */
    ThreadStatus self() {
        return report.read();
    }

    RoundResult run(Plan plan, Predicate<Credentials> asked) {
        List<ChangeCalls.Row> rows = calls.of(plan.steps());
        Optional<Failure> failure = Optional.empty();
        int signal = plan.switchesIds() ? DeathSignal.ofThisThread() : 0;
        try {
            failure = make(rows);
        } finally {
            if (signal != 0) {
                Syscalls.call(calls.prctl(ProcessCalls.PR_SET_PDEATHSIG, signal));
            }
            if (plan.endsKeepCaps()) {
                Plan.Step off = new Plan.Step(new Change.KeepCaps(false), false);
                Optional<Failure> last = make(calls.of(List.of(off)));
                last = last.isPresent() ? make(calls.of(List.of(off))) : last; // nothing else undoes it
                failure = failure.isPresent() ? failure : last;
            }
        }
        try {
            ThreadStatus now = self();
            boolean right = asked.test(now.credentials());
            Optional<CapsException> reason = signal == 0 || DeathSignal.ofThisThread() == signal ? Optional.empty()
                    : Optional.of(DeathSignal.lost(signal, now.tid()));
            return new RoundResult(List.of(now), Optional.empty(), right ? List.of() : failure.stream().toList(),
                    List.of(), reason);
        } catch (CapsException e) {
            return new RoundResult(List.of(), Optional.empty(), failure.stream().toList(), List.of(0), Optional.of(e));
        }
    }

    /** {@return the last refused call} Stops at the first refused call that is not tolerated. */
    private static Optional<Failure> make(List<ChangeCalls.Row> rows) {
        Optional<Failure> last = Optional.empty();
        for (ChangeCalls.Row row : rows) {
            long result = Syscalls.call(row.call());
            if (result < 0) {
                last = Optional.of(new Failure(Proc.callingThread().tid(), row.step().change(), row.syscall(),
                        Errno.of(result)));
                if (!row.step().tolerated()) {
                    return last;
                }
            }
        }
        return last;
    }
}
