package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.PR_GET_SECUREBITS;

import java.util.List;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;

/** The calling thread, read and changed by calls of its own. */
final class ThreadKernel implements ScopeKernel {

    private final SyscallNumbers numbers;

    ThreadKernel(SyscallNumbers numbers) {
        this.numbers = numbers;
    }

    SyscallNumbers numbers() {
        return numbers;
    }

    @Override
    public void ready() {
        // A thread can always change itself.
    }

    @Override
    public List<ThreadStatus> read() {
        return observe();
    }

    @Override
    public List<ThreadStatus> observe() {
        return List.of(self());
    }

    ThreadStatus self() {
        ThreadStatus told = Proc.callingThread();
        Libc.CapData asked = Libc.capget();
        if (!asked.equals(new Libc.CapData(told.sets().effective(), told.sets().permitted(),
                told.sets().inheritable()))) {
            throw Refusals.of("read(/proc/thread-self/status)", Errno.NONE,
                    "the file contradicts capget(2): /proc is not of this process");
        }
        long bits = Libc.call(numbers.prctl(PR_GET_SECUREBITS(), 0, 0));
        if (bits < 0) {
            throw Refusals.of("prctl(PR_GET_SECUREBITS)", new Errno((int) -bits));
        }
        return ScopeKernel.complete(told, new SecureBits((int) bits));
    }

    @Override
    public List<Failure> run(List<Change> round) {
        for (Program.Step step : Program.of(round, numbers)) {
            long result = Libc.call(step.call());
            if (result < 0) {
                return List.of(new Failure(Proc.callingThread().tid(), step.change(), step.syscall(),
                        new Errno((int) -result)));
            }
        }
        return List.of();
    }
}
