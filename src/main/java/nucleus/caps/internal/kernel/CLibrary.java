package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** The C library's own way to change the identity of every thread, nptl(7). It aborts where threads differ. */
final class CLibrary {

    private static final MethodHandle SETGROUPS =
            Libc.LINKER.downcallHandle(setgroups$address(), setgroups$descriptor(), Libc.CAPTURE_ERRNO);
    private static final MethodHandle SETRESGID =
            Libc.LINKER.downcallHandle(setresgid$address(), setresgid$descriptor(), Libc.CAPTURE_ERRNO);
    private static final MethodHandle SETRESUID =
            Libc.LINKER.downcallHandle(setresuid$address(), setresuid$descriptor(), Libc.CAPTURE_ERRNO);

    private CLibrary() {
    }

    /** Links everything now. */
    static void initialise() {
        // Running the initialiser of this class is all that is needed.
    }

    static List<Failure> run(List<Change> round) {
        for (Change change : round) {
            long result = switch (change) {
                case Change.SetGroups set -> setgroups(set.groups());
                case Change.SetGid set -> setresid(SETRESGID, (int) set.gid());
                case Change.SetUid set -> setresid(SETRESUID, (int) set.uid());
                default -> throw new IllegalArgumentException("not of the identity: " + change.syscall());
            };
            if (result < 0) {
                return List.of(new Failure(Proc.callingThread().tid(), change, change.syscall(),
                        new Errno((int) -result)));
            }
        }
        return List.of();
    }

    private static long setgroups(List<Long> groups) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list = arena.allocate(JAVA_INT, Math.max(1, groups.size()));
            for (int i = 0; i < groups.size(); i++) {
                list.setAtIndex(JAVA_INT, i, groups.get(i).intValue());
            }
            MemorySegment errno = arena.allocate(Libc.CAPTURE);
            int result = (int) SETGROUPS.invokeExact(errno, (long) groups.size(), list);
            return Libc.minusErrno(result, errno);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }

    private static long setresid(MethodHandle function, int id) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment errno = arena.allocate(Libc.CAPTURE);
            int result = (int) function.invokeExact(errno, id, id, id);
            return Libc.minusErrno(result, errno);
        } catch (Throwable e) {
            throw Libc.unexpected(e);
        }
    }
}
