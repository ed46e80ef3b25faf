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
        Libc.CapData asked = Libc.capget(numbers.capget());
        if (!asked.isOf(told.sets())) {
            throw Refusals.of("read(/proc/thread-self/status)", Errno.NONE,
                    "the file contradicts capget(2): /proc is not of this process");
        }
        long bits = Libc.call(numbers.prctl(PR_GET_SECUREBITS()));
        if (bits < 0) {
            throw Refusals.of("prctl(PR_GET_SECUREBITS)", new Errno((int) -bits));
        }
        return ScopeKernel.complete(told, new SecureBits((int) bits));
    }

    @Override
    public Ran run(List<Change> round) {
        List<Failure> failures = make(round);
        return new Ran() {
            @Override
            public List<Failure> failures() {
                return failures;
            }

            @Override
            public List<ThreadStatus> observe() {
                return ThreadKernel.this.observe();
            }
        };
    }

    private List<Failure> make(List<Change> round) {
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
