package nucleus.caps.internal.launch;

import java.util.Set;
import java.util.TreeSet;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/** The descriptors that a program gets from this process: 0, 1, 2 and those that the caller names. */
final class KeptDescriptors {

    /** Why a descriptor cannot be kept. */
    static final String NOT_OPEN = "a descriptor to keep is not open";

    private static final int FIRST = 3;
    private static final long LAST = 0xFFFF_FFFFL;
    private static final int CLOSE_RANGE_UNSHARE = 2;
    private static final int CLOSE_RANGE_CLOEXEC = 4;
    private static final int CLONE_FILES = 0x400;
    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private final TreeSet<Integer> kept;

    /**
     * Checks that the descriptors are open.
     *
     * @throws nucleus.caps.CapsException EBADF if one is not
     * @throws IllegalArgumentException if one is negative
     */
    KeptDescriptors(Set<Integer> kept) {
        this.kept = new TreeSet<>(kept);
        for (int descriptor : this.kept) {
            if (descriptor < 0) {
                throw new IllegalArgumentException("a descriptor is never negative, and " + descriptor + " is");
            }
            requireOpen(descriptor);
        }
    }

    /** @throws nucleus.caps.CapsException EBADF if the descriptor is not open */
    static void requireOpen(int descriptor) {
        long flags = Syscalls.call(Syscall.FCNTL, descriptor, F_GETFD);
        if (flags < 0) {
            throw Errno.of(flags).exception("fcntl(" + descriptor + ", F_GETFD)", NOT_OPEN);
        }
    }

    /**
     * Closes all other descriptors when the calling thread executes a program.
     *
     * <p>On a {@link Scout} this changes a copy of the descriptor table: no other thread sees the change, and the program does
     * not get what another thread opens from now on. Any other thread continues after a failure and needs the table of the
     * process, so the change happens there.
     */
    void closeOthersOnExec() {
        boolean own = Thread.currentThread() instanceof Scout;
        int from = kept.isEmpty() ? FIRST : Math.max(FIRST, kept.last() + 1);
        boolean ranges = Syscalls.call(Syscall.CLOSE_RANGE, from, LAST,
                CLOSE_RANGE_CLOEXEC | (own ? CLOSE_RANGE_UNSHARE : 0)) == 0;
        if (!ranges && own) { // before Linux 5.11
            Syscalls.call(Syscall.UNSHARE, CLONE_FILES);
        }
        if (!ranges || from > FIRST) {
            Proc.descriptors().stream().filter(descriptor -> descriptor >= FIRST && (descriptor < from || !ranges))
                    .forEach(descriptor -> flag(descriptor, FD_CLOEXEC));
        }
        kept.forEach(descriptor -> flag(descriptor, 0));
    }

    private static void flag(int descriptor, int flag) {
        Syscalls.call(Syscall.FCNTL, descriptor, F_SETFD, flag);
    }
}
