package nucleus.caps.internal.kernel;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static nucleus.caps.Capability.CAP_IPC_LOCK;
import static nucleus.caps.internal.ffi.linux_caps_h._LINUX_CAPABILITY_VERSION_3;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.proc.ThreadEnd;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * A thread whose real ids and groups are those of a user, and which calls access(2): the kernel answers for the real ids, and
 * not for the effective ones. The effective ids stay, so the user can neither trace the thread nor change the process. The
 * process stays dumpable, which a change of the effective or file system ids would end. The thread keeps only CAP_IPC_LOCK, if
 * it has it: without it, the JVM ends if it locks all memory and the thread needs some. As long as it lives, processes of the
 * user may send signals to this process.
 */
final class OtherUser implements Access {

    /** Two structs of capget(2). Their first words. */
    private static final int WORDS = 6;
    private static final int EFFECTIVE = 0;
    private static final int PERMITTED = 1;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread only = new Thread(null, task, "nucleus.caps.advice", 0, false);
        only.setDaemon(true);
        return only;
    });
    private final int tid;

    /** @throws CapsException if a thread of this process cannot have the ids */
    OtherUser(Identity user) {
        tid = ask(() -> Proc.callingThread().tid());
        try {
            ask(() -> become(user));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** The wait ignores interrupts. */
    private <T> T ask(Supplier<T> question) {
        try {
            return CompletableFuture.supplyAsync(question, thread).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof CapsException refused ? refused : e;
        }
    }

    /** {@return the state afterwards} */
    private static ThreadStatus become(Identity user) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment groups = arena.allocate(JAVA_INT, Math.max(1, user.groups().size()));
            for (int i = 0; i < user.groups().size(); i++) {
                groups.setAtIndex(JAVA_INT, i, user.groups().get(i).intValue());
            }
            Syscalls.call(Syscall.SETGROUPS, user.groups().size(), groups.address());
            Syscalls.call(Syscall.SETRESGID, user.gid(), -1, -1);
            Syscalls.call(Syscall.SETRESUID, user.uid(), -1, -1);
            CapabilitySet kept = Proc.callingThread().sets().effective().intersect(CapabilitySet.of(CAP_IPC_LOCK));
            int mask = kept.isEmpty() ? 0 : 1 << CAP_IPC_LOCK.number();
            MemorySegment sets = arena.allocate(JAVA_INT, WORDS);
            sets.setAtIndex(JAVA_INT, EFFECTIVE, mask);
            sets.setAtIndex(JAVA_INT, PERMITTED, mask);
            Syscalls.call(Syscall.CAPSET, arena.allocateFrom(JAVA_INT, _LINUX_CAPABILITY_VERSION_3(), 0).address(),
                    sets.address());
            ThreadStatus now = Proc.callingThread(); // tells what the calls did
            boolean became = now.uids().real() == user.uid() && now.gids().real() == user.gid()
                    && now.groups().equals(user.groups()) && now.sets().permitted().equals(kept);
            if (!became) {
                throw Errno.EPERM.exception("setresuid(" + user.uid() + ", -1, -1)",
                        "a thread with the ids of the user must ask what they may do; it needs CAP_SETUID and CAP_SETGID");
            }
            return now;
        }
    }

    private static boolean isDenied(Path file, AccessMode mode) {
        try {
            file.getFileSystem().provider().checkAccess(file, mode);
            return false;
        } catch (AccessDeniedException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public boolean denied(Path file, AccessMode mode) {
        return ask(() -> isDenied(file, mode));
    }

    /** Ends the thread. If the kernel has not removed it after 30 s, a later round asks it like every other thread. */
    @Override
    public void close() {
        thread.close();
        ThreadEnd.awaitGone(tid);
    }
}
