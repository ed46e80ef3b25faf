package bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The system calls of a whole drop without an identity, each as seven numbers. */
final class Syscalls {

    private static final boolean GENERIC = System.getProperty("os.arch").equals("aarch64");
    private static final long CAPSET = GENERIC ? 91 : 126;
    private static final long PRCTL = GENERIC ? 167 : 157;
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

    /** Changes nothing, and the C library sends it to all threads all the same. */
    static long[] sameUid() {
        return call(SETRESUID, -1, -1, -1);
    }

    /** Three sets of 64 bits, as the kernel's two structs of three words. */
    private static long[] capset(long effective, long permitted) {
        MemorySegment header = memory(VERSION_3, 0);
        MemorySegment data = memory((int) effective, (int) permitted, 0, (int) (effective >>> 32),
                (int) (permitted >>> 32), 0);
        return call(CAPSET, header.address(), data.address());
    }

    /** What needs CAP_SETPCAP. */
    static List<long[]> first(Threads.Sets now) {
        List<long[]> calls = new ArrayList<>(bounding(PR_CAPBSET_DROP, now));
        calls.add(capset(now.effective(), now.permitted()));
        return calls;
    }

    static List<long[]> second() {
        return List.of(capset(0, 0), call(PRCTL, PR_SET_NO_NEW_PRIVS, 1));
    }

    /** As many calls as a whole drop has; these change nothing. */
    static List<long[]> harmless(Threads.Sets now) {
        List<long[]> calls = new ArrayList<>(bounding(PR_CAPBSET_READ, now));
        calls.add(capset(now.effective(), now.permitted()));
        calls.add(capset(now.effective(), now.permitted()));
        calls.add(call(PRCTL, PR_CAPBSET_READ, 0));
        return calls;
    }

    private static List<long[]> bounding(long option, Threads.Sets now) {
        List<long[]> calls = new ArrayList<>();
        for (int n = 0; n < Long.SIZE; n++) {
            if ((now.bounding() >>> n & 1) == 1) {
                calls.add(call(PRCTL, option, n));
            }
        }
        return calls;
    }

    private static long[] call(long number, long... arguments) {
        long[] call = Arrays.copyOf(new long[] {number}, 7);
        System.arraycopy(arguments, 0, call, 1, arguments.length);
        return call;
    }

    private static MemorySegment memory(int... words) {
        return Arena.global().allocateFrom(ValueLayout.JAVA_INT, words);
    }
}
