package nucleus.caps.internal.launch;

import static nucleus.caps.SecureBit.KEEP_CAPS;
import static nucleus.caps.SecureBit.NOROOT;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.ArrayList;
import java.util.List;
import nucleus.caps.Capability;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.VerificationException;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.plan.Planner;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.plan.Verifier;
import nucleus.caps.internal.proc.Filters;
import nucleus.caps.internal.proc.Proc;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Denial;
import nucleus.caps.internal.sys.Errno;

/**
 * The changes that a child makes to itself to match a {@link ChildSpec}, computed from the credentials of the calling
 * thread. This class changes nothing.
 *
 * <p>A child begins with an execve(2). Unless the child is root, it then holds only the ambient capabilities.
 */
public final class ChildPlan {

    private final CapabilitySet supported;
    private final ThreadStatus caller;
    private final Credentials start;
    private final Credentials end;
    private final Plan plan;
    private final Denial denial;
    private final Filters filters;

    private ChildPlan(Kernel kernel, ThreadStatus caller, Credentials start, ChildSpec wish) {
        supported = kernel.supported();
        this.caller = caller;
        this.start = start;
        denial = wish.denial();
        filters = denial.equals(Denial.NONE) ? Proc.filters() : Proc.filters().oneMore();
        Identity identity = wish.identity().orElseGet(() -> Identity.of(caller.uids().effective(), caller.gids().effective()));
        SecureBits bits = wish.secureBits().orElse(UidFixup.bits(start));
        if (bits.contains(KEEP_CAPS)) {
            throw new Refusal("prctl(PR_SET_SECUREBITS, " + bits + ")", Errno.EPERM,
                    "execve clears keep_caps, whether it is locked or not").thrown();
        }
        CapabilitySet held = held(start, wish, identity, bits);
        end = start.with(new CapabilitySets(wish.bounding(), held, held, wish.inheritable(), wish.ambient()))
                .with(identity).with(bits).withNoNewPrivs(wish.noNewPrivs() || start.noNewPrivs());
        plan = Planner.plan(new Rules(kernel.userNamespace()), Target.exactly("launch", identity, end),
                List.of(caller.with(start)));
    }

    /** The permitted set when the program begins. Under no_new_privs, execve gives root nothing more. */
    private static CapabilitySet held(Credentials start, ChildSpec wish, Identity identity, SecureBits bits) {
        boolean root = identity.uid() == 0 && !bits.contains(NOROOT);
        CapabilitySet roots = wish.bounding().union(wish.inheritable()).intersect(start.get(PERMITTED));
        return root ? wish.ambient().union(roots) : wish.ambient();
    }

    /**
     * {@return the plan for a child of the calling thread}
     *
     * @throws CapsException with the missing capabilities, if the calling thread cannot start such a child
     */
    public static ChildPlan of(Kernel kernel, ChildSpec wish) {
        ThreadStatus caller = kernel.observe(Scope.THREAD).getFirst();
        Credentials start = Execve.plain(caller.credentials());
        try {
            return new ChildPlan(kernel, caller, start, wish);
        } catch (Refusal.Refused refused) {
            CapabilitySet lost = caller.sets().permitted().minus(start.get(PERMITTED));
            throw exception(refused.refusal(), lost.isEmpty() ? "" : " (this thread is permitted " + lost
                    + ", but not ambient, so that what it starts does not receive it)", caller);
        }
    }

    private static CapsException exception(Refusal refusal, String more, ThreadStatus caller) {
        return new Refusal(refusal.syscall(), refusal.errno(), refusal.rule() + more).exception(false, List.of(caller));
    }

    /** The calls by which the child changes itself. */
    public List<Instruction> instructions(Instructions calls) {
        List<Instruction> all = new ArrayList<>(calls.changes(plan));
        if (!denial.equals(Denial.NONE)) {
            all.add(calls.filter(denial));
        }
        return all;
    }

    /** The instruction that gives the child a pipe of its own. */
    Instruction giveAway(Instructions calls, int descriptor) {
        return calls.giveAway(descriptor, end.uids().effective(), end.gids().effective());
    }

    /** The questions that the child answers through this descriptor after its changes. */
    SelfReport questions(int up) {
        return new SelfReport(supported, Math.max(caller.groups().size(), end.groups().size()), up);
    }

    /** Whether the child starts with less than the calling thread holds. */
    boolean startsWeaker() {
        return !start.get(EFFECTIVE).containsAll(caller.sets().permitted()) && !startsTracing();
    }

    /** Whether the child starts with the capability to look at any process. */
    boolean startsTracing() {
        return start.get(EFFECTIVE).contains(Capability.CAP_SYS_PTRACE);
    }

    /**
     * Checks a child that has made exactly these calls.
     *
     * @throws VerificationException if the child differs from the plan
     */
    public void verify(ThreadStatus child) {
        List<Difference> differences = Verifier.differences(end, child);
        if (!differences.isEmpty()) {
            throw new VerificationException("launch", differences, false, List.of(child));
        }
    }

    /**
     * Checks that a child has the filter of the plan, besides those that it inherits.
     *
     * @throws VerificationException if it does not
     */
    void verify(ThreadStatus child, Filters observed) {
        if (!observed.isAtLeast(filters)) {
            throw new VerificationException("launch", List.of(new Difference(child.tid(), child.name(), "seccomp",
                    filters.toString(), observed.toString())), false, List.of(child));
        }
    }

    /** {@return the state of a child in /proc with the planned securebits, which /proc does not show} */
    ThreadStatus withSecureBits(ThreadStatus child) {
        return child.with(child.credentials().with(UidFixup.bits(end)));
    }

    /**
     * {@return what the program holds when it begins} The child chooses among the programs, so all must give the same
     * result.
     *
     * @throws CapsException if the kernel would refuse execve, or if the results differ
     */
    public Credentials outcome(List<ProgramFile> programs) {
        try {
            List<Credentials> outcomes = programs.stream().map(file -> Execve.after(end, file)).distinct().toList();
            if (outcomes.size() > 1) {
                throw new Refusal("execve(" + programs.getFirst().path() + ")", Errno.NONE,
                        "several files of that name are on the path, and give different things: say which").thrown();
            }
            return outcomes.getFirst();
        } catch (Refusal.Refused refused) {
            throw exception(refused.refusal(), "", caller);
        }
    }
}
