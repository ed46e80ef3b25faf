package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import nucleus.caps.CapabilitySet;
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
        long bits = Libc.prctl(PR_GET_SECUREBITS());
        if (bits < 0) {
            throw Refusals.of("prctl(PR_GET_SECUREBITS)", new Errno((int) -bits));
        }
        return ScopeKernel.complete(told, new SecureBits((int) bits));
    }

    @Override
    public List<Failure> run(List<Change> round) {
        for (Change change : round) {
            Optional<Failure> failure = run(change);
            if (failure.isPresent()) {
                return List.of(failure.get());
            }
        }
        return List.of();
    }

    private Optional<Failure> run(Change change) {
        return switch (change) {
            case Change.CapSet sets -> one(change, Libc.capset(sets));
            case Change.DropBounding drop -> each(change, drop.set(), Change.DropBounding::syscall,
                    n -> Libc.prctl(PR_CAPBSET_DROP(), n));
            case Change.RaiseAmbient raise -> each(change, raise.set(), Change.RaiseAmbient::syscall,
                    n -> Libc.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_RAISE(), n));
            case Change.LowerAmbient lower -> each(change, lower.set(), Change.LowerAmbient::syscall,
                    n -> Libc.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_LOWER(), n));
            case Change.KeepCaps keep -> one(change, Libc.prctl(PR_SET_KEEPCAPS(), keep.on() ? 1 : 0));
            case Change.NoNewPrivs _ -> one(change, Libc.prctl(PR_SET_NO_NEW_PRIVS(), 1));
            case Change.SetGroups set -> one(change, Libc.setgroups(numbers.setgroups(), set.groups()));
            case Change.SetGid set -> one(change, Libc.syscall(numbers.setresgid(), set.gid(), set.gid(), set.gid()));
            case Change.SetUid set -> one(change, Libc.syscall(numbers.setresuid(), set.uid(), set.uid(), set.uid()));
        };
    }

    private static Optional<Failure> each(Change change, CapabilitySet set, IntFunction<String> name,
                                          IntToLongFunction call) {
        for (int number : set.numbers().toArray()) {
            long result = call.applyAsLong(number);
            if (result < 0) {
                return failed(change, name.apply(number), result);
            }
        }
        return Optional.empty();
    }

    private static Optional<Failure> one(Change change, long result) {
        return result < 0 ? failed(change, change.syscall(), result) : Optional.empty();
    }

    private static Optional<Failure> failed(Change change, String syscall, long result) {
        return Optional.of(new Failure(Proc.callingThread().tid(), change, syscall, new Errno((int) -result)));
    }
}
