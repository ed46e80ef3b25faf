package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.PR_CAPBSET_READ;

import java.time.Duration;
import java.util.List;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;

/** The kernel that this JVM runs on. */
public final class LinuxKernel implements Kernel {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final ThreadKernel thread;
    private final boolean ioUring;
    private final Duration deadline;

    /** Links every call that may be needed, so that nothing is left to be done on a restricted thread. */
    public LinuxKernel() {
        this(new ThreadKernel(SyscallNumbers.of(System.getProperty("os.arch"))), false, DEADLINE);
        Libc.initialise();
    }

    private LinuxKernel(ThreadKernel thread, boolean ioUring, Duration deadline) {
        this.thread = thread;
        this.ioUring = ioUring;
        this.deadline = deadline;
    }

    private ScopeKernel in(Scope scope) {
        return scope == Scope.THREAD ? thread : new ProcessKernel(thread, ioUring, deadline);
    }

    @Override
    public void ready(Scope scope) {
        in(scope).ready();
    }

    @Override
    public List<ThreadStatus> read(Scope scope) {
        return in(scope).read();
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        return in(scope).observe();
    }

    @Override
    public Ran run(Scope scope, List<Change> round) {
        return in(scope).run(round);
    }

    @Override
    public Kernel allowingIoUring() {
        return new LinuxKernel(thread, true, deadline);
    }

    @Override
    public Kernel answeringWithin(Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a deadline is positive, not " + time);
        }
        return new LinuxKernel(thread, ioUring, time);
    }

    @Override
    public UserNamespace userNamespace() {
        return Proc.userNamespace();
    }

    /** The kernel is asked for each: the file cap_last_cap can be missing, covered, or read wrongly. */
    @Override
    public CapabilitySet supported() {
        CapabilitySet known = CapabilitySet.NONE;
        for (int number = 0; number < Long.SIZE; number++) {
            long result = Libc.call(thread.numbers().prctl(PR_CAPBSET_READ(), number));
            if (result == -Errno.EINVAL.number()) {
                break;
            }
            if (result < 0) {
                throw Refusals.of("prctl(PR_CAPBSET_READ, " + number + ")", new Errno((int) -result));
            }
            known = known.union(CapabilitySet.ofNumber(number));
        }
        return known;
    }
}
