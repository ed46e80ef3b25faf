package nucleus.caps.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.Credentials;
import nucleus.caps.Scope;
import nucleus.caps.SetKind;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.RoundResult;
import nucleus.caps.internal.plan.BareKernel;
import nucleus.caps.internal.plan.FakeProgram;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.sys.Errno;

/** The variables of the model, and the round. What happens beside the library is said before it begins. */
final class ModelKernel extends BareKernel {

    private static final int CALLER = 1;
    private static final int SCOUT = 99;

    private final TreeMap<Integer, ModelThread> threads = new TreeMap<>();
    private final List<Plan> plans = new ArrayList<>();
    private final Event event;
    private final Broken broken;
    private final Swap swap;
    private int refusedAt;
    private int calls;
    private int points;
    private int before;
    private boolean refused;

    ModelKernel(List<Credentials> starts, int refusedAt, Event event, Broken broken, Swap swap) {
        starts.forEach(start -> threads.put(threads.size() + 1, ModelThread.first(threads.size() + 1, start)));
        this.refusedAt = refusedAt;
        this.event = event;
        this.broken = broken;
        this.swap = swap;
    }

    List<ModelThread> living() {
        return List.copyOf(threads.values());
    }

    int calls() {
        return calls;
    }

    int points() {
        return points;
    }

    List<Plan> plans() {
        return plans;
    }

    /** From now on the kernel refuses only what its rules forbid. */
    void refuseNothing() {
        refusedAt = -1;
    }

    boolean hasRefused() {
        return refused;
    }

    /** Whether no plan was run in the present step: the library refused it beforehand. */
    boolean unrun() {
        return plans.size() == before;
    }

    void beginStep() {
        before = plans.size();
        threads.values().forEach(thread -> thread.step = thread.now());
    }

    boolean changed() {
        return threads.values().stream().anyMatch(ModelThread::changed);
    }

    private void point() {
        if (points++ != event.point()) {
            return;
        }
        List<Integer> tids = List.copyOf(threads.keySet());
        if (event.thread() < tids.size() && event.birth()) {
            int child = threads.lastKey() + 1;
            threads.put(child, threads.get(tids.get(event.thread())).child(child));
        } else if (event.thread() < tids.size() && tids.get(event.thread()) != CALLER) {
            threads.remove(tids.get(event.thread()));
        }
    }

    @Override
    public RoundResult run(Scope scope, Plan asPlanned, Predicate<Credentials> asked) {
        Plan plan = swapped(asPlanned);
        plans.add(plan);
        point();
        boolean lies = broken == Broken.LIE_TO_RETRY && refused;
        if (scope == Scope.PROCESS) {
            ModelThread scout = threads.get(CALLER).child(SCOUT);
            Optional<Failure> failure = make(scout, plan, false);
            if (!asked.test(scout.now())) {
                return new RoundResult(List.of(), Optional.of(scout.kernel.status()), failure.stream().toList(), List.of(),
                        Optional.empty());
            }
        }
        TreeMap<Integer, ThreadStatus> had = new TreeMap<>();
        TreeMap<Integer, ThreadStatus> after = new TreeMap<>();
        TreeMap<Integer, Failure> failures = new TreeMap<>();
        Set<Integer> told = new HashSet<>();
        Set<Integer> first = Set.copyOf(threads.keySet());
        int last = threads.lastKey();
        point();
        for (Optional<ModelThread> next = next(told, first); next.isPresent(); next = next(told, first)) {
            ModelThread thread = next.get();
            told.add(thread.tid);
            ThreadStatus before = thread.kernel.status();
            Optional<Failure> failure = make(thread, plan, lies || broken == Broken.LIE && thread.tid == last);
            ThreadStatus tells = thread.kernel.status();
            if (lies || broken == Broken.LIE && thread.tid == last) {
                thread.kernel.become(before);
            }
            had.put(thread.tid, before);
            after.put(thread.tid, tells);
            failure.filter(_ -> !asked.test(after.get(thread.tid).credentials())).ifPresent(f -> failures.put(thread.tid, f));
            point();
        }
        if (broken == Broken.STALE && !failures.isEmpty()) {
            after.putAll(had);
        }
        after.keySet().retainAll(threads.keySet());
        failures.keySet().retainAll(threads.keySet());
        point();
        return new RoundResult(List.copyOf(after.values()), Optional.empty(), List.copyOf(failures.values()), List.of(),
                Optional.empty());
    }

    /** A living thread that has not told its state in this round. */
    private Optional<ModelThread> next(Set<Integer> told, Set<Integer> first) {
        return threads.values().stream().filter(thread -> !told.contains(thread.tid))
                .filter(thread -> broken != Broken.MISSED_BIRTH || first.contains(thread.tid)).findFirst();
    }

    private Plan swapped(Plan plan) {
        return new Plan(broken.in(swap.in(plan.steps(), plans.size())), plan.endsKeepCaps());
    }

    private Optional<Failure> make(ModelThread thread, Plan plan, boolean pretends) {
        Credentials before = thread.now();
        Plan made = broken == Broken.KEEPCAPS_LEFT_ON ? new Plan(plan.steps(), false) : plan;
        Optional<Failure> last = new FakeProgram(thread.kernel,
                (change, syscall, call) -> call(thread, change, syscall, call)).make(made);
        Property.KEEPCAPS.require(!Property.keepsCaps(thread.now()) || Property.keepsCaps(before), plan);
        return pretends ? Optional.empty() : last;
    }

    private Optional<Failure> call(ModelThread thread, Change change, String syscall, IntSupplier call) {
        boolean refuse = calls++ == refusedAt;
        refused |= refuse;
        int errno = refuse ? Errno.EPERM.number() : call.getAsInt();
        if (broken == Broken.GAIN && change instanceof Change.CapSet) {
            Credentials now = thread.now();
            thread.kernel.become(thread.kernel.status().with(now.with(SetKind.PERMITTED,
                    now.get(SetKind.PERMITTED).union(now.get(SetKind.BOUNDING)))));
        }
        Property.requireNoGain(thread.start, thread.now(), change);
        return errno == 0 ? Optional.empty() : Optional.of(new Failure(thread.tid, change, syscall, new Errno(errno)));
    }

    @Override
    public List<ThreadStatus> observe(Scope scope) {
        return threads.values().stream().map(thread -> thread.kernel.status()).toList();
    }

    @Override
    public CapabilitySet supported() {
        return Starts.ALL;
    }
}
