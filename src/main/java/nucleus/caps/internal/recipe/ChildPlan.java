package nucleus.caps.internal.recipe;

import static nucleus.caps.Capability.CAP_SETPCAP;
import static nucleus.caps.SetKind.AMBIENT;
import static nucleus.caps.SetKind.BOUNDING;
import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.CapsException;
import nucleus.caps.Identity;
import nucleus.caps.Scope;
import nucleus.caps.SecureBits;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;
import nucleus.caps.internal.kernel.Instruction;
import nucleus.caps.internal.kernel.Instructions;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.ProgramFile;

/**
 * What a child does to itself to become as wished, computed from what the calling thread holds. Nothing is changed here.
 *
 * <p>A child begins with an execve(2) of its own, which leaves to others than root only what is ambient.
 */
public final class ChildPlan {

    private final ThreadStatus caller;
    private final State start;
    private final ChildWish wish;
    private final Identity identity;
    private final SecureBits secureBits;
    private final Plan first;
    private final Plan last;

    private ChildPlan(Rules rules, ThreadStatus caller, State start, ChildWish wish) {
        this.caller = caller;
        this.start = start;
        this.wish = wish;
        identity = wish.identity().orElseGet(() ->
                Identity.of(caller.uids().effective(), caller.gids().effective()));
        secureBits = wish.secureBits().orElse(start.secureBits());
        first = new Plan(rules, start);
        planFirst();
        SecureBitsRule.check(first.state(), secureBits);
        last = new Plan(rules, first.state().with(secureBits));
        planLast();
    }

    /** @throws CapsException with the missing capabilities, if the calling thread could not bring it about */
    public static ChildPlan of(Kernel kernel, ChildWish wish) {
        ThreadStatus caller = kernel.observe(Scope.THREAD).getFirst();
        State start = Execve.plain(State.of(caller));
        try {
            return new ChildPlan(new Rules(kernel.userNamespace()), caller, start, wish);
        } catch (Plan.Refused refused) {
            CapabilitySet lost = caller.sets().permitted().minus(start.get(PERMITTED));
            throw exception(refused.refusal(), lost.isEmpty() ? "" : " (this thread is permitted " + lost
                    + ", but not ambient, so that what it starts does not receive it)", caller);
        }
    }

    private static CapsException exception(Refusal refusal, String more, ThreadStatus caller) {
        return new Refusal(refusal.syscall(), refusal.errno(), refusal.rule() + more).exception(false, List.of(caller));
    }

    private void planFirst() {
        CapabilitySet held = held();
        boolean needed = SecureBitsRule.needsPrivilege(start.secureBits(), secureBits);
        CapabilitySet carried = needed ? held.union(CapabilitySet.of(CAP_SETPCAP)) : held;
        Wish.within(wish.bounding(), start.get(BOUNDING), "prctl(PR_CAPBSET_DROP)", "nothing can be added to bounding");
        Wish.within(wish.ambient(), wish.inheritable(), "prctl(PR_CAP_AMBIENT)", "ambient must lie within inheritable");
        Wish.within(held, start.get(PERMITTED), "prctl(PR_CAP_AMBIENT)", "ambient must lie within permitted");

        // Inheritable first: it can gain only what is in the bounding set.
        first.add(new Change.CapSet(start.get(EFFECTIVE), start.get(PERMITTED), wish.inheritable()));
        first.add(new Change.DropBounding(start.get(BOUNDING).minus(wish.bounding())));
        first.add(new Change.KeepCaps(!carried.isEmpty() && first.state().leavesRoot(identity.uid())));
        first.add(new Change.SetGroups(identity.groups()));
        first.add(new Change.SetGid(identity.gid()));
        first.add(new Change.SetUid(identity.uid()));
        CapabilitySet left = carried.intersect(first.state().get(PERMITTED));
        first.add(new Change.CapSet(left, left, wish.inheritable()));
        first.add(new Change.KeepCaps(false));
        first.add(new Change.LowerAmbient(first.state().get(AMBIENT).minus(wish.ambient())));
        first.add(new Change.RaiseAmbient(wish.ambient().minus(first.state().get(AMBIENT))));
    }

    /** Once the securebits are as wished, whatever they forbid. */
    private void planLast() {
        last.add(new Change.CapSet(held(), held(), wish.inheritable()));
        if (wish.noNewPrivs()) {
            last.add(new Change.NoNewPrivs());
        }
    }

    /** What is permitted when the program begins. Under no_new_privs execve gives root nothing beyond that. */
    private CapabilitySet held() {
        boolean root = identity.uid() == 0 && !first.state().with(secureBits).noRoot();
        CapabilitySet roots = wish.bounding().union(wish.inheritable()).intersect(start.get(PERMITTED));
        return root ? wish.ambient().union(roots) : wish.ambient();
    }

    /** What the child is when it has made all its calls: said once more, not concluded from them. */
    private State expected() {
        CapabilitySets sets = new CapabilitySets(wish.bounding(), held(), held(), wish.inheritable(), wish.ambient());
        State wished = start.with(sets).with(identity).with(secureBits);
        return wish.noNewPrivs() ? wished.withNoNewPrivs() : wished;
    }

    /** The calls that the child makes, ending with one by which it checks what only it can read. */
    public List<Instruction> instructions(Instructions calls) {
        List<Instruction> all = new ArrayList<>(calls.changes(first.changes()));
        if (!secureBits.equals(first.state().secureBits())) {
            all.add(calls.setSecureBits(secureBits.bits()));
        }
        all.addAll(calls.changes(last.changes()));
        all.add(calls.requireSecureBits(secureBits.bits()));
        return all;
    }

    /**
     * Checks a child that has made all these calls, and no others.
     *
     * @throws VerificationException if it is not as planned
     */
    public void verify(ThreadStatus child) {
        ThreadStatus whole = new ThreadStatus(child.tid(), child.name(), child.sets(), child.noNewPrivs(),
                child.uids(), child.gids(), child.groups(), Optional.of(secureBits));
        List<Difference> differences = Verifier.differences(expected(), List.of(whole));
        if (!differences.isEmpty()) {
            throw new VerificationException("launch", differences, false, List.of(whole));
        }
    }

    /**
     * {@return what the program holds when it begins; which of these it will be is decided there, so all must give the
     * same}
     *
     * @throws CapsException if execve would be refused, or if the programs differ
     */
    public ThreadStatus outcome(List<ProgramFile> programs) {
        try {
            List<State> outcomes = programs.stream().map(file -> Execve.after(expected(), file)).distinct().toList();
            if (outcomes.size() > 1) {
                throw new Plan.Refused(new Refusal("execve(" + programs.getFirst().path() + ")", Errno.NONE,
                        "several files of that name are on the path, and give different things: say which"));
            }
            State end = outcomes.getFirst();
            return new ThreadStatus(0, "launched", end.sets(), end.noNewPrivs(), end.uids(),
                    end.gids(), end.groups(), Optional.of(end.secureBits()));
        } catch (Plan.Refused refused) {
            throw exception(refused.refusal(), "", caller);
        }
    }
}
