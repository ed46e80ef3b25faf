package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import nucleus.caps.internal.threads.Native;

/** The C library's own way to change the identity of every thread, nptl(7). It aborts where threads differ. */
final class CLibrary {

    private static final Native SETGROUPS = Native.ofInt("setgroups");
    private static final Native SETRESGID = Native.ofInt("setresgid");
    private static final Native SETRESUID = Native.ofInt("setresuid");

    private CLibrary() {
    }

    /** Looks everything up now. */
    static void initialise() {
        // Running the initialiser of this class is all that is needed.
    }

    static List<Failure> run(List<Change> round) {
        for (Change change : round) {
            long result = make(change);
            if (result < 0) {
                return List.of(new Failure(Proc.callingThread().tid(), change, change.syscall(),
                        new Errno((int) -result)));
            }
        }
        return List.of();
    }

    private static long make(Change change) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Native.state());
            if (change instanceof Change.SetGroups set) {
                return SETGROUPS.call(state, set.groups().size(), list(arena, set.groups()), 0, 0, 0, 0, 0);
            }
            if (change instanceof Change.SetGid set) {
                return SETRESGID.call(state, set.gid(), set.gid(), set.gid(), 0, 0, 0, 0);
            }
            if (change instanceof Change.SetUid set) {
                return SETRESUID.call(state, set.uid(), set.uid(), set.uid(), 0, 0, 0, 0);
            }
            throw new IllegalArgumentException("not of the identity: " + change.syscall());
        }
    }

    private static long list(Arena arena, List<Long> groups) {
        MemorySegment list = arena.allocate(JAVA_INT, Math.max(1, groups.size()));
        for (int i = 0; i < groups.size(); i++) {
            list.setAtIndex(JAVA_INT, i, groups.get(i).intValue());
        }
        return list.address();
    }
}
