package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import nucleus.caps.internal.threads.Call;

/** A round as the system calls that a thread makes for itself, each with what it is a part of. */
final class Program implements Change.Cases<List<Program.Step>> {

    private static final int NO_CAPABILITY = -1;

    /**
     * One call.
     *
     * @param change what it is a part of
     * @param capability the number of the capability that it is made for, if it is one of several
     */
    record Step(Change change, int capability, Call call) {

        /** The words for it. */
        String syscall() {
            return change instanceof Change.Each each ? each.syscall(capability) : change.syscall();
        }
    }

    private final SyscallNumbers numbers;

    private Program(SyscallNumbers numbers) {
        this.numbers = numbers;
    }

    static List<Step> of(List<Change> round, SyscallNumbers numbers) {
        Program program = new Program(numbers);
        List<Step> steps = new ArrayList<>();
        for (Change change : round) {
            steps.addAll(change.in(program));
        }
        return steps;
    }

    @Override
    public List<Step> of(Change.CapSet set) {
        return one(set, Call.of(numbers.capset())
                .with(MemorySegment.ofArray(new int[] {_LINUX_CAPABILITY_VERSION_3(), 0}))
                .with(MemorySegment.ofArray(data(set))));
    }

    @Override
    public List<Step> of(Change.DropBounding drop) {
        return each(drop, numbers.prctl(PR_CAPBSET_DROP()));
    }

    @Override
    public List<Step> of(Change.RaiseAmbient raise) {
        return each(raise, numbers.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_RAISE()));
    }

    @Override
    public List<Step> of(Change.LowerAmbient lower) {
        return each(lower, numbers.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_LOWER()));
    }

    @Override
    public List<Step> of(Change.KeepCaps keep) {
        return one(keep, numbers.prctl(PR_SET_KEEPCAPS(), keep.on() ? 1 : 0));
    }

    @Override
    public List<Step> of(Change.SetSecureBits set) {
        return one(set, numbers.prctl(PR_SET_SECUREBITS(), Integer.toUnsignedLong(set.bits().bits())));
    }

    @Override
    public List<Step> of(Change.NoNewPrivs set) {
        return one(set, numbers.prctl(PR_SET_NO_NEW_PRIVS(), 1));
    }

    @Override
    public List<Step> of(Change.SetGroups set) {
        int[] groups = new int[set.groups().size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = set.groups().get(i).intValue();
        }
        return one(set, Call.of(numbers.setgroups(), groups.length).with(MemorySegment.ofArray(groups)));
    }

    @Override
    public List<Step> of(Change.SetGid set) {
        return one(set, Call.of(numbers.setresgid(), set.gid(), set.gid(), set.gid()));
    }

    @Override
    public List<Step> of(Change.SetUid set) {
        return one(set, Call.of(numbers.setresuid(), set.uid(), set.uid(), set.uid()));
    }

    /** Two structs of three words: effective, permitted and inheritable of the lower capabilities, then of the upper. */
    private static int[] data(Change.CapSet sets) {
        long e = sets.effective().bits();
        long p = sets.permitted().bits();
        long i = sets.inheritable().bits();
        return new int[] {(int) e, (int) p, (int) i, (int) (e >>> 32), (int) (p >>> 32), (int) (i >>> 32)};
    }

    private static List<Step> one(Change change, Call call) {
        return List.of(new Step(change, NO_CAPABILITY, call));
    }

    /** The number of the capability is the argument behind those given. */
    private static List<Step> each(Change.Each change, Call call) {
        List<Step> steps = new ArrayList<>();
        for (long rest = change.set().bits(); rest != 0; rest &= rest - 1) {
            int capability = Long.numberOfTrailingZeros(rest);
            steps.add(new Step(change, capability, call.with(capability)));
        }
        return steps;
    }
}
