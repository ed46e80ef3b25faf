package bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The system calls of a whole drop to another identity, each as its number and its arguments. */
final class Syscalls {

    private static final boolean GENERIC = System.getProperty("os.arch").equals("aarch64");
    private static final long CAPSET = GENERIC ? 91 : 126;
    private static final long PRCTL = GENERIC ? 167 : 157;
    private static final long SETGROUPS = GENERIC ? 159 : 116;
    private static final long SETRESGID = GENERIC ? 149 : 119;
    private static final long SETRESUID = GENERIC ? 147 : 117;
    private static final long GETPID = GENERIC ? 172 : 39;

    private static final long PR_CAPBSET_READ = 23;
    private static final long PR_CAPBSET_DROP = 24;
    private static final long PR_SET_NO_NEW_PRIVS = 38;
    private static final int VERSION_3 = 0x20080522;

    private Syscalls() {
    }

    static long getpid() {
        return GETPID;
    }

    /** Has three arguments and changes nothing. */
    static long[] sameUid() {
        return new long[] {SETRESUID, -1, -1, -1};
    }

    /** Has more than three arguments and changes nothing. */
    static long[] readBounding() {
        return new long[] {PRCTL, PR_CAPBSET_READ, 0, 0, 0, 0, 0};
    }

    /** Gives up everything that a thread with these sets holds, in the order that the kernel needs. */
    static List<long[]> drop(Threads.Sets now, long id) {
        List<long[]> calls = new ArrayList<>();
        for (int n = 0; n < Long.SIZE; n++) {
            if ((now.bounding() >>> n & 1) == 1) {
                calls.add(new long[] {PRCTL, PR_CAPBSET_DROP, n, 0});
            }
        }
        if (now.inheritable() != 0) {
            calls.add(capset(now.effective(), now.permitted()));
        }
        calls.add(new long[] {SETGROUPS, 0, 0, 0});
        calls.add(new long[] {SETRESGID, id, id, id});
        calls.add(new long[] {SETRESUID, id, id, id});
        calls.add(capset(0, 0));
        calls.add(new long[] {PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0, 0});
        return calls;
    }

    /** The inheritable set becomes empty, and the kernel empties the ambient set with it. */
    private static long[] capset(long effective, long permitted) {
        MemorySegment header = memory(VERSION_3, 0);
        MemorySegment data = memory((int) effective, (int) permitted, 0, (int) (effective >>> 32),
                (int) (permitted >>> 32), 0);
        return new long[] {CAPSET, header.address(), data.address(), 0};
    }

    private static MemorySegment memory(int... words) {
        return Arena.global().allocateFrom(ValueLayout.JAVA_INT, words);
    }
}
