package nucleus.caps.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.threads.Answer;
import org.junit.jupiter.api.Test;

/** What the answers mean, for a thread all of whose sets and ids differ. The kernel is a model here. */
class QuestionsTest {

    private static final CapabilitySets SETS = new CapabilitySets(CapabilitySet.ofMask("10000000f"),
            CapabilitySet.ofMask("200000017"), CapabilitySet.ofMask("400000002"), CapabilitySet.ofMask("800000004"),
            CapabilitySet.ofMask("300000008"));
    private static final Ids UIDS = new Ids(1, 2, 4294967294L, 4);
    private static final Ids GIDS = new Ids(5, 6, 7, 4294967293L);
    private static final List<Long> GROUPS = List.of(8L, 4294967292L);
    private static final int TID = 77;
    private static final int EINVAL = 22;

    private final Questions questions = new Questions(CapabilitySet.ofMask("1ffffffffff"), 2);

    /** Answers one call as the kernel does; what it writes goes into the thread's own memory. */
    private static long made(Call call, ByteBuffer own) {
        long[] r = call.registers(content -> 0);
        switch (Syscall.values()[index((int) r[0])]) {
            case CAPGET -> {
                long[] sets = {SETS.effective().bits(), SETS.permitted().bits(), SETS.inheritable().bits()};
                for (int i = 0; i < 3; i++) {
                    own.putInt((int) r[2] + 4 * i, (int) sets[i]).putInt((int) r[2] + 12 + 4 * i, (int) (sets[i] >>> 32));
                }
            }
            case GETRESUID -> own.putInt((int) r[1], 1).putInt((int) r[2], 2).putInt((int) r[3], -2);
            case GETRESGID -> own.putInt((int) r[1], 5).putInt((int) r[2], 6).putInt((int) r[3], 7);
            case SETFSUID -> {
                return UIDS.fileSystem();
            }
            case SETFSGID -> {
                return GIDS.fileSystem();
            }
            case GETGROUPS -> {
                if (r[1] < GROUPS.size()) {
                    return -EINVAL;
                }
                own.putInt((int) r[2], 8).putInt((int) r[2] + 4, -4);
                return GROUPS.size();
            }
            case PRCTL -> {
                return prctl(r, own);
            }
            default -> throw new AssertionError(r[0]);
        }
        return 0;
    }

    private static int index(int number) {
        for (Syscall syscall : Syscall.values()) {
            if (syscall.number() == number) {
                return syscall.ordinal();
            }
        }
        throw new AssertionError(number);
    }

    private static long prctl(long[] r, ByteBuffer own) {
        return switch ((int) r[1]) {
            case 2 -> {
                own.putInt((int) r[2], 15);
                yield 0;
            }
            case 16 -> {
                own.put((int) r[2], new byte[] {'n', '\\', '\n', 'm'});
                yield 0;
            }
            case 23 -> SETS.bounding().bits() >>> r[2] & 1;
            case 27 -> 0x2f;
            case 39 -> 1;
            case 47 -> SETS.ambient().bits() >>> r[3] & 1;
            default -> throw new AssertionError(r[1]);
        };
    }

    private static Answer answer(Questions of, long... before) {
        ByteBuffer own = ByteBuffer.allocate(of.memory()).order(ByteOrder.nativeOrder());
        long[] results = Arrays.copyOf(before, before.length + of.calls().size());
        for (int i = 0; i < of.calls().size(); i++) {
            results[before.length + i] = made(of.calls().get(i), own);
        }
        return new Answer(TID, 1, Answer.NONE, 0, results, own.array());
    }

    @Test
    void tellEachThingAsItsOwn() {
        ThreadStatus expected = new ThreadStatus(TID, "n\\\\\\nm", new Credentials(SETS, UIDS, GIDS, GROUPS, true,
                Optional.of(new SecureBits(0x2f))));

        assertThat(questions.status(answer(questions))).isEqualTo(expected);
        assertThat(questions.status(answer(questions, -5, 6))).as("with results before those").isEqualTo(expected);
    }

    @Test
    void wantRoomForMoreGroups() {
        Questions few = new Questions(CapabilitySet.ofMask("1"), 1);

        assertThat(few.fitting(List.of(answer(few))).memory()).isEqualTo(few.memory() + 3 * Integer.BYTES);
        assertThat(questions.fitting(List.of(answer(questions)))).isSameAs(questions);
        assertThatThrownBy(() -> few.status(answer(few))).isInstanceOf(CapsException.class)
                .hasMessageStartingWith("getgroups(): EINVAL: the state of thread 77 (").hasMessageEndingWith(" cannot be read");
    }

    @Test
    void neverLoseRoom() {
        assertThat(questions.withRoomFor(1)).isSameAs(questions);
        assertThat(questions.withRoomFor(3).memory()).isEqualTo(questions.memory() + Integer.BYTES);
    }

    @Test
    void haveRoomForNoMoreGroupsThanTheKernelAllows() {
        Questions most = questions.withRoomFor(Identity.MAX_GROUPS + 1);

        assertThat(most.memory()).isEqualTo(questions.memory() + (Identity.MAX_GROUPS - 2) * Integer.BYTES);
        assertThat(most.withRoomFor(Identity.MAX_GROUPS * 4)).isSameAs(most);
    }

    @Test
    void tellTheParentDeathSignal() {
        assertThat(questions.deathSignal(answer(questions))).isEqualTo(15);
        Answer refused = answer(questions);
        refused.results()[9] = -1;
        assertThat(questions.deathSignal(refused)).isZero();
        assertThat(questions.status(refused).tid()).as("a filter that refuses this question hides nothing").isEqualTo(TID);
    }
}
