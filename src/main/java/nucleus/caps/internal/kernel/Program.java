package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import nucleus.caps.CapabilitySet;
import nucleus.caps.internal.threads.Call;

/** A round as the system calls that a thread makes for itself, each with what it is a part of. */
final class Program {

    /** One call, and the words for it. */
    record Step(Change change, String syscall, Call call) {
    }

    private final SyscallNumbers numbers;
    private final List<Step> steps = new ArrayList<>();

    private Program(SyscallNumbers numbers) {
        this.numbers = numbers;
    }

    static List<Step> of(List<Change> round, SyscallNumbers numbers) {
        Program program = new Program(numbers);
        round.forEach(program::add);
        return program.steps;
    }

    private void add(Change change) {
        switch (change) {
            case Change.CapSet sets -> one(change, Call.of(numbers.capset())
                    .with(MemorySegment.ofArray(new int[] {_LINUX_CAPABILITY_VERSION_3(), 0}))
                    .with(MemorySegment.ofArray(data(sets))));
            case Change.DropBounding drop -> each(change, drop.set(), Change.DropBounding::syscall,
                    n -> numbers.prctl(PR_CAPBSET_DROP(), n, 0));
            case Change.RaiseAmbient raise -> each(change, raise.set(), Change.RaiseAmbient::syscall,
                    n -> numbers.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_RAISE(), n));
            case Change.LowerAmbient lower -> each(change, lower.set(), Change.LowerAmbient::syscall,
                    n -> numbers.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_LOWER(), n));
            case Change.KeepCaps keep -> one(change, numbers.prctl(PR_SET_KEEPCAPS(), keep.on() ? 1 : 0, 0));
            case Change.NoNewPrivs _ -> one(change, numbers.prctl(PR_SET_NO_NEW_PRIVS(), 1, 0));
            case Change.SetGroups set -> one(change, Call.of(numbers.setgroups(), set.groups().size())
                    .with(MemorySegment.ofArray(set.groups().stream().mapToInt(Long::intValue).toArray())));
            case Change.SetGid set -> one(change, Call.of(numbers.setresgid(), set.gid(), set.gid(), set.gid()));
            case Change.SetUid set -> one(change, Call.of(numbers.setresuid(), set.uid(), set.uid(), set.uid()));
        }
    }

    /** Two structs of three words: effective, permitted and inheritable of the lower capabilities, then of the upper. */
    private static int[] data(Change.CapSet sets) {
        long e = sets.effective().bits();
        long p = sets.permitted().bits();
        long i = sets.inheritable().bits();
        return new int[] {(int) e, (int) p, (int) i, (int) (e >>> 32), (int) (p >>> 32), (int) (i >>> 32)};
    }

    private void each(Change change, CapabilitySet set, IntFunction<String> syscall, LongFunction<Call> call) {
        set.numbers().forEach(n -> steps.add(new Step(change, syscall.apply(n), call.apply(n))));
    }

    private void one(Change change, Call call) {
        steps.add(new Step(change, change.syscall(), call));
    }
}
