package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.SecureBits;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;
import org.junit.jupiter.api.Test;

/** The system calls of each change. */
class ChangeCallsTest {

    private static final int VERSION_3 = 0x20080522;

    private final ChangeCalls calls = new ChangeCalls(Syscall::number);

    /** The copies that pointers of a call point to, as words. */
    private static final class Copies implements Call.Memory {

        private final List<int[]> stored = new ArrayList<>();

        @Override
        public long store(MemorySegment content) {
            stored.add(content.toArray(ValueLayout.JAVA_INT_UNALIGNED));
            return stored.size();
        }
    }

    private List<long[]> registers(Change change, Call.Memory memory) {
        return calls.of(change).stream().map(call -> call.registers(memory)).toList();
    }

    private List<long[]> registers(Change change) {
        return registers(change, content -> {
            throw new AssertionError("no pointer is expected");
        });
    }

    private static long[] row(Syscall syscall, long... arguments) {
        long[] row = new long[7];
        row[0] = syscall.number();
        System.arraycopy(arguments, 0, row, 1, arguments.length);
        return row;
    }

    @Test
    void makesOneCallForEachCapability() {
        CapabilitySet set = CapabilitySet.ofMask("8000000021");

        assertThat(registers(new Change.DropBounding(set))).containsExactly(row(Syscall.PRCTL, 24, 0),
                row(Syscall.PRCTL, 24, 5), row(Syscall.PRCTL, 24, 39));
        assertThat(registers(new Change.RaiseAmbient(set))).containsExactly(row(Syscall.PRCTL, 47, 2, 0),
                row(Syscall.PRCTL, 47, 2, 5), row(Syscall.PRCTL, 47, 2, 39));
        assertThat(registers(new Change.LowerAmbient(set))).containsExactly(row(Syscall.PRCTL, 47, 3, 0),
                row(Syscall.PRCTL, 47, 3, 5), row(Syscall.PRCTL, 47, 3, 39));
    }

    @Test
    void makesOneCallWithNumbers() {
        assertThat(registers(new Change.KeepCaps(true))).containsExactly(row(Syscall.PRCTL, 8, 1));
        assertThat(registers(new Change.KeepCaps(false))).containsExactly(row(Syscall.PRCTL, 8, 0));
        assertThat(registers(new Change.NoNewPrivs())).containsExactly(row(Syscall.PRCTL, 38, 1));
        assertThat(registers(new Change.SetSecureBits(new SecureBits(0xef)))).containsExactly(row(Syscall.PRCTL, 28, 0xef));
        assertThat(registers(new Change.SetUid(1000))).containsExactly(row(Syscall.SETRESUID, 1000, 1000, 1000));
        assertThat(registers(new Change.SetGid(1001))).containsExactly(row(Syscall.SETRESGID, 1001, 1001, 1001));
    }

    @Test
    void putsGroupsIntoWords() {
        Copies copies = new Copies();

        assertThat(registers(new Change.SetGroups(List.of(4L, 4294967294L)), copies))
                .containsExactly(row(Syscall.SETGROUPS, 2, 1));
        assertThat(copies.stored).containsExactly(new int[] {4, -2});
    }

    @Test
    void putsTheLowerHalfOfEverySetFirst() {
        Copies copies = new Copies();
        Change set = new Change.CapSet(CapabilitySet.ofMask("100000002"), CapabilitySet.ofMask("300000004"),
                CapabilitySet.ofMask("500000006"));

        assertThat(registers(set, copies)).containsExactly(row(Syscall.CAPSET, 1, 2));
        assertThat(copies.stored).containsExactly(new int[] {VERSION_3, 0}, new int[] {2, 4, 6, 1, 3, 5});
    }

    /** The rows are run here by their meaning: they give what {@link Change.AdjustCaps#on} says, for any sets. */
    @Test
    void adjustsWhatTheThreadHolds() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            Change.AdjustCaps adjust = new Change.AdjustCaps(any(random), any(random), any(random), any(random));
            CapabilitySets held = new CapabilitySets(CapabilitySet.NONE, any(random), any(random), any(random),
                    CapabilitySet.NONE);

            assertThat(run(adjust, held)).isEqualTo(adjust.on(held));
        }
    }

    private static CapabilitySet any(Random random) {
        return new CapabilitySet(random.nextLong());
    }

    private Change.CapSet run(Change.AdjustCaps adjust, CapabilitySets held) {
        Copies copies = new Copies();
        List<long[]> rows = registers(adjust, copies);
        assertThat(rows.getFirst()).containsExactly(row(Syscall.CAPGET, 1, Questions.WORK));
        assertThat(rows.getLast()).containsExactly(row(Syscall.CAPSET, 2, Questions.WORK));
        assertThat(copies.stored).containsOnly(new int[] {VERSION_3, 0});
        int[] words = words(held);
        for (long[] row : rows.subList(1, rows.size() - 1)) {
            assertThat(row[0]).isNegative();
            int to = (int) (row[1] - Questions.WORK) / Integer.BYTES;
            int from = (int) (row[2] - Questions.WORK) / Integer.BYTES;
            words[to] = words[to] & (int) row[3] | words[from] & (int) row[4] | (int) row[5];
        }
        return new Change.CapSet(set(words, 0), set(words, 1), set(words, 2));
    }

    private static int[] words(CapabilitySets held) {
        long e = held.effective().bits();
        long p = held.permitted().bits();
        long i = held.inheritable().bits();
        return new int[] {(int) e, (int) p, (int) i, (int) (e >>> 32), (int) (p >>> 32), (int) (i >>> 32)};
    }

    private static CapabilitySet set(int[] words, int index) {
        return new CapabilitySet(Integer.toUnsignedLong(words[index]) | (long) words[index + 3] << 32);
    }

    @Test
    void namesTheCallThatIsRefused() {
        CapabilitySet set = CapabilitySet.of(Capability.CAP_CHOWN, Capability.CAP_KILL);
        Plan.Step drop = new Plan.Step(new Change.DropBounding(set), true);
        Plan.Step uid = new Plan.Step(new Change.SetUid(7), false);

        assertThat(calls.of(List.of(drop, uid))).extracting(ChangeCalls.Row::syscall).containsExactly(
                "prctl(PR_CAPBSET_DROP, CAP_CHOWN)", "prctl(PR_CAPBSET_DROP, CAP_KILL)", "setresuid(7, 7, 7)");
        assertThat(calls.of(List.of(drop, uid))).extracting(row -> row.step()).containsExactly(drop, drop, uid);
    }
}
