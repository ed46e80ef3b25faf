package nucleus.caps.internal.recipe;

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

/** Performs recipes one after the other: all planned before anything changes, each verified after it ran. */
public final class Transition {

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
        requireNone(Verifier.differences(State.of(last.getFirst()), now), step, false, now);
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
        recipes.forEach(recipe -> transition.verify(recipe, recipe.expected(now), transition.before));
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
                    .exception(differs(readBack()), threads);
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
        List<Failure> failures = runLeavingNoKeepCaps(plan);
        if (!failures.isEmpty()) {
            throw refused(plan.changes(), start, failures);
        }
        List<ThreadStatus> after = readBack();
        verify(recipe, recipe.expected(start), after);
        return after;
    }

    /** KEEPCAPS outlives no failure: not one of the kernel's, nor one of this JVM's. */
    private List<Failure> runLeavingNoKeepCaps(Plan plan) {
        boolean keeps = plan.changes().contains(new Change.KeepCaps(true));
        boolean succeeded = false;
        touched = true;
        try {
            List<Failure> failures = run(plan);
            succeeded = failures.isEmpty();
            return failures;
        } finally {
            if (keeps && !succeeded) {
                kernel.run(scope, List.of(new Change.KeepCaps(false)));
            }
        }
    }

    private List<Failure> run(Plan plan) {
        for (List<Change> round : plan.rounds()) {
            if (round.getFirst().isIdentity()) {
                requireOneState(readBack());
            }
            List<Failure> failures = kernel.run(scope, round);
            if (!failures.isEmpty()) {
                return failures;
            }
        }
        return List.of();
    }

    private CapsException refused(List<Change> program, State start, List<Failure> failures) {
        Failure first = failures.getFirst();
        State then = start;
        for (Change change : program.subList(0, program.indexOf(first.change()))) {
            then = Effects.after(then, change);
        }
        String rule = !first.reason().isEmpty() ? first.reason() : rules.against(then, first.change())
                .map(Refusal::rule).orElse("no rule of capabilities(7) forbids it: a security module or a seccomp filter may");
        List<ThreadStatus> now = readBack();
        String stuck = now.stream().filter(thread -> State.of(thread).keepCaps())
                .map(thread -> "; KEEPCAPS is still on in thread " + thread.tid() + " (" + thread.name() + ")")
                .collect(Collectors.joining());
        String where = scope == Scope.THREAD ? "" : failures.stream()
                .map(failure -> Integer.toString(failure.tid())).collect(Collectors.joining(", ", " [thread ", "]"));
        String torn = states(now).size() > 1 ? "; the threads of this process differ now, and it should exit" : "";
        return new Refusal(first.syscall() + where, first.errno(), rule + stuck + torn).exception(differs(now), now);
    }

    private void verify(Recipe recipe, State expected, List<ThreadStatus> observed) {
        List<Difference> differences = Verifier.differences(expected, observed);
        requireNone(differences, recipe.name(), touched && differs(observed), observed);
    }

    private static void requireNone(List<Difference> differences, String step, boolean changed,
                                    List<ThreadStatus> threads) {
        if (!differences.isEmpty()) {
            throw new VerificationException(step, differences, changed, threads);
        }
    }

    /** Read, not remembered: a call that failed may have done half of its work. */
    private boolean differs(List<ThreadStatus> now) {
        return !states(now).equals(states(before));
    }

    /** Threads come and go; what they hold does not, unless it is changed. */
    private static Set<State> states(List<ThreadStatus> threads) {
        return threads.stream().map(State::of).collect(Collectors.toSet());
    }

    /** Once calls were made, a state that cannot be read counts as changed. */
    private List<ThreadStatus> readBack() {
        try {
            return kernel.observe(scope);
        } catch (CapsException e) {
            throw new CapsException(e.syscall(), e.errno(), e.errnoName(),
                    "the result cannot be verified: " + e.rule(), true, before);
        }
    }
}
