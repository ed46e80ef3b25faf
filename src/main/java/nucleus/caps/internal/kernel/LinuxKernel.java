package nucleus.caps.internal.kernel;

import static nucleus.caps.internal.ffi.linux_caps_h.PR_CAPBSET_READ;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.proc.IdMaps;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.UserNamespace;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;
import nucleus.caps.internal.sys.ProcessCalls;
import nucleus.caps.internal.sys.Syscall;
import nucleus.caps.internal.sys.Syscalls;
import org.jspecify.annotations.Nullable;

/** The kernel that this JVM runs on. */
public final class LinuxKernel implements Kernel {

    /** PR_SET_DUMPABLE(2const). The bindings do not have it. */
    private static final int PR_SET_DUMPABLE = 4;

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final Plan NOTHING = new Plan(List.of(), false);

    private final boolean ioUring;
    private final Duration deadline;
    private @Nullable ThisThread thisThread; // created at first use: it asks the kernel
    private @Nullable EveryThread everyThread; // created at first use: not every machine supports it

    /** Links every call that may be needed, so that a restricted thread links nothing. */
    public LinuxKernel() {
        this(false, DEADLINE);
        Syscalls.initialise();
    }

    private LinuxKernel(boolean ioUring, Duration deadline) {
        this.ioUring = ioUring;
        this.deadline = deadline;
    }

    private synchronized ThisThread thisThread() {
        if (thisThread == null) {
            thisThread = new ThisThread(supported());
        }
        return thisThread;
    }

    private synchronized EveryThread everyThread() {
        if (everyThread == null) {
            everyThread = new EveryThread(supported(), ioUring, deadline);
        }
        return everyThread;
    }

    @Override
    public List<ThreadStatus> read(Scope scope) {
        return scope == Scope.THREAD ? List.of(thisThread().self()) : everyThread().read();
    }

    @Override
    public void rehearse(Scope scope) {
        if (scope == Scope.THREAD) {
            thisThread().run(NOTHING, now -> true);
        } else {
            everyThread().run(NOTHING, now -> false); // no other thread is asked
        }
    }

    @Override
    public List<ThreadStatus> probe(Scope scope) {
        return scope == Scope.THREAD ? List.of(thisThread().self()) : everyThread().probe();
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        return scope == Scope.THREAD ? List.of(thisThread().self()) : everyThread().observe();
    }

    @Override
    public RoundResult run(Scope scope, Plan plan, Predicate<Credentials> asked) {
        return scope == Scope.THREAD ? thisThread().run(plan, asked) : everyThread().run(plan, asked);
    }

    @Override
    public boolean dumpable() {
        return ProcessCalls.dumpable() == 1;
    }

    @Override
    public void makeDumpable() {
        long result = Syscalls.call(Syscall.PRCTL, PR_SET_DUMPABLE, 1);
        if (result < 0) {
            throw Errno.of(result).exception("prctl(PR_SET_DUMPABLE, 1)");
        }
        long dumpable = ProcessCalls.dumpable();
        if (dumpable != 1) {
            throw Errno.NONE.exception("prctl(PR_GET_DUMPABLE)", "the process is not dumpable: the answer is " + dumpable);
        }
    }

    @Override
    public void rehearse(Scope scope, Denial denial) {
        new Seccomp(denial).rehearse(statusFiles(scope));
    }

    @Override
    public void deny(Scope scope, Denial denial) {
        new Seccomp(denial).install(scope, () -> statusFiles(scope));
    }

    private Map<Integer, String> statusFiles(Scope scope) {
        return scope == Scope.THREAD ? Proc.statusFile() : everyThread().statusFiles();
    }

    @Override
    public List<Difference> namespacesGranted() {
        return everyThread().judged(Attempt.NAMESPACES);
    }

    @Override
    public Access access(Identity user) {
        return new OtherUser(user);
    }

    @Override
    public boolean handOver(List<Path> trees, Identity user) {
        return new HandOver(user).give(trees);
    }

    @Override
    public Kernel allowingIoUring() {
        return new LinuxKernel(true, deadline);
    }

    @Override
    public Kernel answeringWithin(Duration time) {
        if (!time.isPositive()) {
            throw new IllegalArgumentException("a deadline must be positive, not " + time);
        }
        return new LinuxKernel(ioUring, time);
    }

    @Override
    public UserNamespace userNamespace() {
        return IdMaps.read();
    }

    /** Asks the kernel about each capability: the file cap_last_cap can be missing, covered, or read wrongly. */
    @Override
    public CapabilitySet supported() {
        CapabilitySet known = CapabilitySet.NONE;
        for (int number = 0; number < Long.SIZE; number++) {
            long result = Syscalls.call(Syscall.PRCTL, PR_CAPBSET_READ(), number);
            if (Errno.EINVAL.is(result)) {
                break;
            }
            if (result < 0) {
                throw Errno.of(result).exception("prctl(PR_CAPBSET_READ, " + number + ")");
            }
            known = known.union(CapabilitySet.ofNumber(number));
        }
        return known;
    }
}
