package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials.Ids;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.sys.Call;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.threads.Answer;
import org.jspecify.annotations.Nullable;

/**
 * The calls by which a thread reports its own credentials, and the meaning of the answers. They are the last calls of each
 * program, so an answer describes the thread after its last change. They change nothing.
 */
public final class Questions {

    /** Offsets into a thread's own memory, where these calls write. */
    private static final int CAPS = 0;
    private static final int UIDS = 24;
    private static final int GIDS = 36;
    private static final int NAME = 48;
    private static final int NAME_LENGTH = 16;
    static final int WORK = NAME + NAME_LENGTH;
    private static final int SIGNAL = WORK + 24;
    private static final int GROUPS = SIGNAL + 4;

    /** The number of groups that a thread has room for, until a thread has more. */
    private static final int USUAL_GROUPS = 64;
    private static final int MORE_GROUPS = 4;

    /** The calls before those for each capability. */
    private static final List<String> NAMES = List.of("capget()", "getresuid()", "getresgid()", "setfsuid(-1)",
            "setfsgid(-1)", "getgroups()", "prctl(PR_GET_SECUREBITS)", "prctl(PR_GET_NO_NEW_PRIVS)", "prctl(PR_GET_NAME)",
            "prctl(PR_GET_PDEATHSIG)");
    private static final int FSUID = 3;
    private static final int FSGID = 4;
    private static final int GROUP_COUNT = 5;
    private static final int SECUREBITS = 6;
    private static final int NO_NEW_PRIVS = 7;
    private static final int DEATH_SIGNAL = 9;
    private static final int PR_GET_NAME = 16;

    private final CapabilitySet supported;
    private final int capabilities;
    private final int groups;
    private final List<Call> calls = new ArrayList<>();
    private @Nullable Answer last; // most threads have the same credentials as the thread before
    private @Nullable Credentials meaning;

    /**
     * The questions to threads that have as many groups as most threads have.
     *
     * @param supported the capabilities that the kernel knows
     */
    Questions(CapabilitySet supported) {
        this(supported, USUAL_GROUPS);
    }

    /**
     * The questions for some rounds.
     *
     * @param supported the capabilities that the kernel knows
     * @param groups the number of groups that a thread has room for
     */
    public Questions(CapabilitySet supported, int groups) {
        this.supported = supported;
        this.capabilities = Long.SIZE - Long.numberOfLeadingZeros(supported.bits());
        this.groups = groups;
        ChangeCalls make = new ChangeCalls(Syscall::number);
        calls.add(make.caps(Syscall.CAPGET).withOwn(CAPS));
        calls.add(make.of(Syscall.GETRESUID).withOwn(UIDS).withOwn(UIDS + 4).withOwn(UIDS + 8));
        calls.add(make.of(Syscall.GETRESGID).withOwn(GIDS).withOwn(GIDS + 4).withOwn(GIDS + 8));
        calls.add(make.of(Syscall.SETFSUID, -1));
        calls.add(make.of(Syscall.SETFSGID, -1));
        calls.add(make.of(Syscall.GETGROUPS, groups).withOwn(GROUPS));
        calls.add(make.prctl(PR_GET_SECUREBITS()));
        calls.add(make.prctl(PR_GET_NO_NEW_PRIVS()));
        calls.add(make.prctl(PR_GET_NAME).withOwn(NAME));
        calls.add(make.prctl(DeathSignal.GET).withOwn(SIGNAL));
        for (int number = 0; number < capabilities; number++) {
            calls.add(make.prctl(PR_CAPBSET_READ(), number));
            calls.add(make.prctl(PR_CAP_AMBIENT(), PR_CAP_AMBIENT_IS_SET(), number));
        }
    }

    /** {@return the questions} */
    public List<Call> calls() {
        return calls;
    }

    /** {@return the size of the memory that the answers need, in bytes} */
    public int memory() {
        return GROUPS + groups * Integer.BYTES;
    }

    /** {@return the parent-death signal of the thread, or 0} */
    int deathSignal(Answer answer) {
        return result(answer, DEATH_SIGNAL) == 0 ? bytes(answer).getInt(SIGNAL) : 0;
    }

    /** {@return questions with more room if a thread has more groups than fit, else these} */
    Questions fitting(List<Answer> answers) {
        for (Answer answer : answers) {
            if (Errno.EINVAL.is(result(answer, GROUP_COUNT))) {
                return withRoomFor(groups * MORE_GROUPS);
            }
        }
        return this;
    }

    /** {@return questions with room for so many groups} The room never shrinks, because a change is asked about only once. */
    Questions withRoomFor(int wanted) {
        int room = Math.min(wanted, Identity.MAX_GROUPS);
        return room > groups ? new Questions(supported, room) : this;
    }

    /**
     * {@return the state that the thread reported}
     *
     * @throws nucleus.caps.CapsException if the kernel refused a question: the state is unknown then
     */
    ThreadStatus status(Answer answer) {
        Credentials held = meaning;
        if (held == null || last == null || !same(answer, last)) {
            held = credentials(answer);
            meaning = held;
            last = answer;
        }
        return new ThreadStatus(answer.tid(), name(answer), held);
    }

    /**
     * {@return the state that a process of one thread reported}
     *
     * @param pid the process
     * @param results the result of each question
     * @param memory the memory that the questions have filled
     * @throws nucleus.caps.CapsException as {@link #status(Answer)}
     */
    public ThreadStatus status(int pid, long[] results, byte[] memory) {
        return status(new Answer(pid, 0, Answer.NONE, 0, results, memory));
    }

    private static boolean same(Answer one, Answer other) {
        return Arrays.equals(one.results(), other.results())
                && Arrays.equals(one.memory(), 0, NAME, other.memory(), 0, NAME)
                && Arrays.equals(one.memory(), GROUPS, one.memory().length, other.memory(), GROUPS,
                        other.memory().length);
    }

    private Credentials credentials(Answer answer) {
        for (int i = 0; i < NAMES.size() + 2 * capabilities; i++) {
            long result = result(answer, i);
            if (result < 0 && i != DEATH_SIGNAL) {
                String call = i < NAMES.size() ? NAMES.get(i) : "prctl(PR_CAPBSET_READ)";
                throw Errno.of(result).exception(call, "the state of thread " + answer.tid()
                        + " (" + name(answer) + ") cannot be read");
            }
        }
        ByteBuffer own = bytes(answer);
        CapabilitySets sets = new CapabilitySets(each(answer, 0), set(own, 1), set(own, 0), set(own, 2), each(answer, 1));
        return new Credentials(sets, ids(own, UIDS, result(answer, FSUID)), ids(own, GIDS, result(answer, FSGID)),
                groups(answer, own), result(answer, NO_NEW_PRIVS) != 0,
                Optional.of(new SecureBits((int) result(answer, SECUREBITS))));
    }

    /** The results of these questions are the last ones of an answer. */
    private long result(Answer answer, int index) {
        return answer.results()[answer.results().length - calls.size() + index];
    }

    private static ByteBuffer bytes(Answer answer) {
        return ByteBuffer.wrap(answer.memory()).order(ByteOrder.nativeOrder());
    }

    private static CapabilitySet set(ByteBuffer own, int word) {
        long low = Integer.toUnsignedLong(own.getInt(CAPS + word * Integer.BYTES));
        long high = own.getInt(CAPS + (word + 3) * Integer.BYTES);
        return new CapabilitySet(low | high << Integer.SIZE);
    }

    /** Bounding and ambient have one result each for each capability. */
    private CapabilitySet each(Answer answer, int which) {
        long bits = 0;
        for (int number = 0; number < capabilities; number++) {
            bits |= result(answer, NAMES.size() + 2 * number + which) == 1 ? 1L << number : 0;
        }
        return new CapabilitySet(bits);
    }

    private static Ids ids(ByteBuffer own, int at, long fileSystem) {
        return new Ids(Integer.toUnsignedLong(own.getInt(at)), Integer.toUnsignedLong(own.getInt(at + 4)),
                Integer.toUnsignedLong(own.getInt(at + 8)), fileSystem & 0xffff_ffffL);
    }

    private List<Long> groups(Answer answer, ByteBuffer own) {
        List<Long> list = new ArrayList<>();
        for (int i = 0; i < result(answer, GROUP_COUNT); i++) {
            list.add(Integer.toUnsignedLong(own.getInt(GROUPS + i * Integer.BYTES)));
        }
        return list;
    }

    /** {@return the name as /proc shows it, escaped so that it cannot look like another line} */
    private static String name(Answer answer) {
        int end = NAME;
        while (end < NAME + NAME_LENGTH && answer.memory()[end] != 0) {
            end++;
        }
        return new String(answer.memory(), NAME, end - NAME, StandardCharsets.ISO_8859_1).replace("\\", "\\\\")
                .replace("\n", "\\n").strip();
    }
}
