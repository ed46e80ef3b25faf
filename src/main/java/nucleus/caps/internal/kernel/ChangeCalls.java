package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;

/** Translates changes into the system calls that a thread makes for itself. */
public final class ChangeCalls {

    /** Words in each of the two structs of capget(2): effective, permitted, inheritable; the lower capabilities come first. */
    private static final int WORDS = 3;

    /**
     * One call.
     *
     * @param step the step that the call belongs to
     * @param capability the number of the capability, if the step takes one call for each
     */
    public record Row(Plan.Step step, int capability, Call call) {

        /** The call as an error names it. */
        public String syscall() {
            return step.change() instanceof Change.Each each ? each.syscall(capability) : step.change().syscall();
        }
    }

    private final ToIntFunction<Syscall> numbers;

    /** @param numbers the system call numbers of the processor that makes the calls */
    public ChangeCalls(ToIntFunction<Syscall> numbers) {
        this.numbers = numbers;
    }

    public List<Row> of(List<Plan.Step> steps) {
        List<Row> rows = new ArrayList<>();
        for (Plan.Step step : steps) {
            long rest = step.change() instanceof Change.Each each ? each.set().bits() : 0;
            for (Call call : of(step.change())) {
                rows.add(new Row(step, Long.numberOfTrailingZeros(rest), call));
                rest &= rest - 1;
            }
        }
        return rows;
    }

    public Call of(Syscall syscall, long... arguments) {
        return Call.of(numbers.applyAsInt(syscall), arguments);
    }

    /** The arguments of prctl(2) that an option does not use must be 0. {@link Call} fills them with 0. */
    public Call prctl(long... arguments) {
        return of(Syscall.PRCTL, arguments);
    }

    /** Pid 0 is the calling thread. getpid() would name another thread, even on the main thread of a JVM. */
    Call caps(Syscall syscall) {
        return of(syscall).with(MemorySegment.ofArray(new int[] {_LINUX_CAPABILITY_VERSION_3(), 0}));
    }

    List<Call> of(Change change) {
        return switch (change) {
            case Change.CapSet set -> List.of(capset(set));
            case Change.AdjustCaps adjust -> adjust(adjust);
            case Change.DropBounding drop -> each(drop, prctl(PR_CAPBSET_DROP()));
            case Change.RaiseAmbient raise -> each(raise, prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_RAISE()));
            case Change.LowerAmbient lower -> each(lower, prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_LOWER()));
            case Change.KeepCaps keep -> List.of(prctl(PR_SET_KEEPCAPS(), keep.on() ? 1 : 0));
            case Change.SetSecureBits set -> List.of(prctl(PR_SET_SECUREBITS(), Integer.toUnsignedLong(set.bits().bits())));
            case Change.NoNewPrivs _ -> List.of(prctl(PR_SET_NO_NEW_PRIVS(), 1));
            case Change.SetGroups set -> List.of(setgroups(set.groups()));
            case Change.SetGid set -> List.of(of(Syscall.SETRESGID, set.gid(), set.gid(), set.gid()));
            case Change.SetUid set -> List.of(of(Syscall.SETRESUID, set.uid(), set.uid(), set.uid()));
        };
    }

    private Call capset(Change.CapSet set) {
        long e = set.effective().bits();
        long p = set.permitted().bits();
        long i = set.inheritable().bits();
        return caps(Syscall.CAPSET).with(MemorySegment.ofArray(
                new int[] {(int) e, (int) p, (int) i, (int) (e >>> 32), (int) (p >>> 32), (int) (i >>> 32)}));
    }

    /** Each thread reads its own sets, changes the words, and writes them. */
    private List<Call> adjust(Change.AdjustCaps adjust) {
        List<Call> calls = new ArrayList<>();
        calls.add(caps(Syscall.CAPGET).withOwn(Questions.WORK));
        for (int half = 0; half < 2; half++) {
            int shift = half * Integer.SIZE;
            int effective = Questions.WORK + half * WORDS * Integer.BYTES;
            int permitted = effective + Integer.BYTES;
            int inheritable = permitted + Integer.BYTES;
            calls.add(Call.merge(effective, (int) (adjust.keptEffective().bits() >>> shift), permitted,
                    (int) (adjust.raised().bits() >>> shift), 0));
            calls.add(Call.merge(inheritable, (int) (adjust.keptInheritable().bits() >>> shift), inheritable, 0,
                    (int) (adjust.inherited().bits() >>> shift)));
        }
        calls.add(caps(Syscall.CAPSET).withOwn(Questions.WORK));
        return calls;
    }

    private Call setgroups(List<Long> ids) {
        int[] groups = new int[ids.size()];
        for (int i = 0; i < groups.length; i++) {
            groups[i] = ids.get(i).intValue();
        }
        return of(Syscall.SETGROUPS, groups.length).with(MemorySegment.ofArray(groups));
    }

    /** Appends the number of each capability to the arguments of the call. */
    private static List<Call> each(Change.Each change, Call call) {
        List<Call> calls = new ArrayList<>();
        for (long rest = change.set().bits(); rest != 0; rest &= rest - 1) {
            calls.add(call.with(Long.numberOfTrailingZeros(rest)));
        }
        return calls;
    }
}
