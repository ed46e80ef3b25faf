package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.*;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.proc.Filters;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.FilterProgram;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;

/**
 * Gives threads a seccomp filter, seccomp(2), and verifies it. It is never removed: the kernel has no call for that.
 *
 * <p><b>Every thread.</b> One call of one thread gives the filter to all, SECCOMP_FILTER_FLAG_TSYNC. The kernel goes through the
 * threads of the process under the lock under which clone(2) copies the filters of the calling thread into the new one and
 * adds that to the list. A thread is therefore in the list by then, or it is a copy of one that has the filter. If one
 * thread cannot have the filter, none gets it. A thread that is ending may be left out: it runs no more code of the process.
 *
 * <p>A {@code Round}, in which each thread installs the filter itself, would reach every thread as well. But a thread that was
 * created by one with the filter would install it again, once in each generation. Each filter costs time in each system call.
 * And a round needs a signal, which the queue of the new user may not have room for.
 *
 * <p><b>Limit.</b> The kernel gives no thread a filter that already has another one than the calling thread. Filters that the
 * process was started with, as in a container, are the same on all threads.
 */
final class Seccomp {

    private static final String CALL = "seccomp(SECCOMP_SET_MODE_FILTER)";

    /** The wait for threads that are ending: one second at most. */
    private static final int LOOKS = 1_000;
    private static final long PAUSE = 1_000_000;

    private final Denial denial;

    Seccomp(Denial denial) {
        this.denial = denial;
    }

    /**
     * Tries the filter on a new thread, which then ends, and compares the filters of the other threads.
     *
     * @param files the status file of each thread, by its id
     * @throws CapsException if the kernel would refuse the filter
     */
    void rehearse(Map<Integer, String> files) {
        int own = Proc.filters().count();
        files.forEach((tid, text) -> {
            if (Proc.filters(tid, text).count() > own) {
                throw differing(tid);
            }
        });
        Scout.tryAlone(() -> {
            long result = Syscalls.call(Syscall.PRCTL, PR_SET_NO_NEW_PRIVS(), 1);
            if (result < 0) {
                throw Errno.of(result).exception("prctl(PR_SET_NO_NEW_PRIVS, 1)");
            }
            install(0);
            requireRefusal();
        });
    }

    /**
     * Gives the filter to every thread in scope.
     *
     * @param files the status file of each thread in scope, by its id
     * @throws VerificationException if a thread has no filter afterwards, or if the calling thread is not refused a call
     */
    void install(Scope scope, Supplier<Map<Integer, String>> files) {
        Filters least = Proc.filters().oneMore();
        install(scope == Scope.PROCESS ? SECCOMP_FILTER_FLAG_TSYNC() : 0);
        List<Difference> differences = differences(least, files.get());
        for (int look = 1; look < LOOKS && !differences.isEmpty(); look++) {
            LockSupport.parkNanos(PAUSE);
            differences = differences(least, files.get());
        }
        require(differences);
        requireRefusal();
    }

    private void install(long flags) {
        byte[] program = FilterProgram.of(denial, System.getProperty("os.arch"));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(program.length, Long.BYTES).copyFrom(MemorySegment.ofArray(program));
            MemorySegment header = FilterProgram.header(program.length, code.address());
            long address = arena.allocate(header.byteSize(), Long.BYTES).copyFrom(header).address();
            long result = Syscalls.call(Syscall.SECCOMP, SECCOMP_SET_MODE_FILTER(), flags, address);
            if (result > 0) {
                throw differing((int) result);
            }
            if (result < 0) {
                throw Errno.of(result).exception(CALL, Errno.EINVAL.is(result)
                        ? "the kernel has no seccomp filters, CONFIG_SECCOMP_FILTER" : "the kernel refused the filter");
            }
        }
    }

    private static CapsException differing(int tid) {
        return Errno.NONE.exception(CALL, "thread " + tid + " has a seccomp filter that the calling thread does not have;"
                + " all threads can get a filter only if they have the same ones");
    }

    private static List<Difference> differences(Filters least, Map<Integer, String> files) {
        List<Difference> differences = new ArrayList<>();
        files.forEach((tid, text) -> Proc.task(tid, text).ifPresent(thread -> {
            Filters filters = Proc.filters(tid, text);
            if (!filters.isAtLeast(least)) {
                differences.add(new Difference(tid, thread.name(), "seccomp", least.toString(), filters.toString()));
            }
        }));
        return differences;
    }

    /** Checks that the filter refuses its calls to the calling thread. */
    private void requireRefusal() {
        ThreadStatus self = Proc.callingThread();
        List<Difference> differences = new ArrayList<>();
        for (Attempt attempt : Attempt.of(denial)) {
            attempt.judge(self, Syscalls.call(attempt.call())).ifPresent(differences::add);
        }
        require(differences);
    }

    private static void require(List<Difference> differences) {
        if (!differences.isEmpty()) {
            throw new VerificationException(CALL, differences, false, List.of());
        }
    }
}
