package nucleus.caps.internal.recipe;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import nucleus.caps.CapsException;
import nucleus.caps.Scope;
import nucleus.caps.ThreadStatus;
import nucleus.caps.VerificationException;
import nucleus.caps.VerificationException.Difference;
import nucleus.caps.internal.kernel.Change;
import nucleus.caps.internal.kernel.Errno;
import nucleus.caps.internal.kernel.Failure;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.Ran;

/** Performs recipes one after the other: all planned before anything changes, each verified after it ran. */
public final class Transition {

    /** The C library leaves out a thread that is just ending, which is seen as it was until it is gone. */
    private static final int LOOKS = 20;

    private final Kernel kernel;
    private final Scope scope;
    private final List<Recipe> recipes;
    private final Rules rules;
    private final List<ThreadStatus> before;
    private boolean touched;

    private Transition(Kernel kernel, Scope scope, List<Recipe> recipes) {
        this.kernel = kernel;
        this.scope = scope;
        this.recipes = recipes;
        this.rules = new Rules(kernel.userNamespace());
        kernel.ready(scope);
        this.before = kernel.observe(scope);
    }

    /**
     * Performs all of them.
     *
     * @return the state of every thread in scope, as read back after the last
     * @throws CapsException if one is refused; {@link CapsException#changed()} says whether anything happened before
     */
    public static List<ThreadStatus> perform(Kernel kernel, Scope scope, List<Recipe> recipes) {
        return new Transition(kernel, scope, recipes).perform();
    }

    /**
     * Checks that every thread holds what was read back last. Changes nothing.
     *
     * @return the state of every thread in scope
     * @throws VerificationException if one does not
     */
    public static List<ThreadStatus> confirm(Kernel kernel, Scope scope, String step, List<ThreadStatus> last) {
        kernel.ready(scope);
        List<ThreadStatus> now = kernel.observe(scope);
        List<Difference> differences = Verifier.differences(State.of(last.getFirst()), now);
        if (!differences.isEmpty()) {
            throw new VerificationException(step, differences, false, now);
        }
        return now;
    }

    /**
     * Checks that what those recipes lead to is still so. Changes nothing.
     *
     * @return the state of every thread in scope
     * @throws VerificationException if it is not
     */
    public static List<ThreadStatus> confirm(Kernel kernel, Scope scope, List<Recipe> recipes) {
        Transition transition = new Transition(kernel, scope, recipes);
        State now = State.of(transition.before.getFirst());
        for (Recipe recipe : recipes) {
            transition.verify(recipe, recipe.expected(now), transition.before);
        }
        return transition.before;
    }

    private List<ThreadStatus> perform() {
        preflight();
        List<ThreadStatus> observed = before;
        for (Recipe recipe : recipes) {
            observed = perform(recipe, observed);
        }
        return observed;
    }

    /** Every recipe in thought, each from the state in which the one before it ends. */
    private void preflight() {
        requireOneState(before);
        State state = State.of(before.getFirst());
        for (Recipe recipe : recipes) {
            State reached = plan(recipe, state).state();
            ThreadStatus imagined = imagine(reached);
            verify(recipe, recipe.expected(state), List.of(imagined));
            state = reached;
        }
    }

    /** glibc aborts the process when a change of the identity succeeds on one thread and fails on another. */
    private void requireOneState(List<ThreadStatus> threads) {
        List<Difference> differences = Verifier.differences(State.of(threads.getFirst()), threads);
        if (!differences.isEmpty()) {
            throw new Refusal("Scope." + scope, Errno.NONE, "the threads of this process differ: "
                    + differences.stream().map(Difference::toString).collect(Collectors.joining("; ")))
                    .exception(touched && differs(threads), threads);
        }
    }

    private ThreadStatus imagine(State state) {
        ThreadStatus self = before.getFirst();
        return new ThreadStatus(self.tid(), self.name(), state.sets(), state.noNewPrivs(), state.uids(), state.gids(),
                state.groups(), Optional.of(state.secureBits()));
    }

    private Plan plan(Recipe recipe, State state) {
        Plan plan = new Plan(rules, state);
        try {
            recipe.plan(plan);
        } catch (Plan.Refused refused) {
            throw refused.refusal().exception(touched && differs(readBack()), before);
        }
        return plan;
    }

    private List<ThreadStatus> perform(Recipe recipe, List<ThreadStatus> observed) {
        State start = State.of(observed.getFirst());
        Plan plan = plan(recipe, start);
        Optional<Ran> last = runLeavingNoKeepCaps(plan);
        if (last.isPresent() && !last.get().failures().isEmpty()) {
            throw refused(plan.changes(), start, last.get().failures());
        }
        State expected = recipe.expected(start);
        List<ThreadStatus> after = last.isPresent() ? readBack(last.get()) : readBack();
        for (int look = 1; look < LOOKS && scope == Scope.PROCESS && !Verifier.differences(expected, after).isEmpty(); look++) {
            after = readBack();
        }
        verify(recipe, expected, after);
        return after;
    }

    /** KEEPCAPS outlives no failure: not one of the kernel's, nor one of this JVM's. */
    private Optional<Ran> runLeavingNoKeepCaps(Plan plan) {
        boolean keeps = false;
        for (Change change : plan.changes()) {
            keeps |= change instanceof Change.KeepCaps keep && keep.on();
        }
        boolean succeeded = false;
        try {
            Optional<Ran> last = run(plan);
            succeeded = last.isEmpty() || last.get().failures().isEmpty();
            return last;
        } finally {
            if (keeps && touched && !succeeded) {
                kernel.run(scope, List.of(new Change.KeepCaps(false)));
            }
        }
    }

    /** {@return the first round that failed, else the last; nothing where there was none} */
    private Optional<Ran> run(Plan plan) {
        Optional<Ran> last = Optional.empty();
        for (List<Change> round : plan.rounds()) {
            if (round.getFirst().isIdentity()) {
                requireOneState(readBack());
            }
            touched = true;
            last = Optional.of(unmet(kernel.run(scope, round)));
            if (!last.get().failures().isEmpty()) {
                return last;
            }
        }
        return last;
    }

    /**
     * A thread that was born of one with the new securebits is asked for them again. Without CAP_SETPCAP the kernel
     * refuses a write that changes nothing; what is asked for is there all the same.
     */
    private Ran unmet(Ran round) {
        boolean written = false;
        for (Failure failure : round.failures()) {
            written |= failure.change() instanceof Change.SetSecureBits;
        }
        return written ? new Unmet(round, readBack()) : round;
    }

    private CapsException refused(List<Change> program, State start, List<Failure> failures) {
        Failure first = failures.getFirst();
        State then = start;
        for (Change change : program.subList(0, program.indexOf(first.change()))) {
            then = Effects.after(then, change);
        }
        String rule = !first.reason().isEmpty() ? first.reason() : rules.against(then, first.change())
                .map(Refusal::rule).orElse(Rules.unforeseen(then, first.change()));
        String where = scope == Scope.THREAD ? "" : failures.stream()
                .map(failure -> Integer.toString(failure.tid())).collect(Collectors.joining(", ", " [thread ", "]"));
        Refusal refusal = new Refusal(first.syscall() + where, first.errno(), rule);
        List<ThreadStatus> now = readBackAfter(refusal);
        String stuck = now.stream().filter(thread -> State.of(thread).keepCaps())
                .map(thread -> "; KEEPCAPS is still on in thread " + thread.tid() + " (" + thread.name() + ")")
                .collect(Collectors.joining());
        String torn = states(now).size() > 1 ? "; the threads of this process differ now, and it should exit" : "";
        return new Refusal(refusal.syscall(), refusal.errno(), rule + stuck + torn).exception(differs(now), now);
    }

    /** What was refused first is what is to be told, also where the result cannot be read. */
    private List<ThreadStatus> readBackAfter(Refusal refusal) {
        try {
            return kernel.observe(scope);
        } catch (CapsException e) {
            CapsException both = refusal.or("the result cannot be verified: " + e.getMessage()).exception(true, List.of());
            both.initCause(e);
            throw both;
        }
    }

    private void verify(Recipe recipe, State expected, List<ThreadStatus> observed) {
        List<Difference> differences = Verifier.differences(expected, observed);
        if (!differences.isEmpty()) {
            throw new VerificationException(recipe.name(), differences, touched && differs(observed), observed);
        }
    }

    /** Read, not remembered: a call that failed may have done half of its work. */
    private boolean differs(List<ThreadStatus> now) {
        return !states(now).equals(states(before));
    }

    /** Threads come and go; what they hold does not, unless it is changed. */
    private static Set<State> states(List<ThreadStatus> threads) {
        Set<State> states = new HashSet<>();
        for (ThreadStatus thread : threads) {
            states.add(State.of(thread));
        }
        return states;
    }

    private List<ThreadStatus> readBack() {
        try {
            return kernel.observe(scope);
        } catch (CapsException e) {
            throw unverifiable(e);
        }
    }

    private List<ThreadStatus> readBack(Ran round) {
        try {
            return round.observe();
        } catch (CapsException e) {
            throw unverifiable(e);
        }
    }

    /** Once calls were made, a state that cannot be read counts as changed, and no thread is known. */
    private CapsException unverifiable(CapsException e) {
        CapsException unverified = new CapsException(e.syscall(), e.errno(), e.errnoName(),
                "the result cannot be verified: " + e.rule(), true, List.of());
        unverified.initCause(e);
        return touched ? unverified : e;
    }
}
