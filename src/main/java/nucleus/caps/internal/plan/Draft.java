package nucleus.caps.internal.plan;

import static nucleus.caps.SetKind.EFFECTIVE;
import static nucleus.caps.SetKind.INHERITABLE;
import static nucleus.caps.SetKind.PERMITTED;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import nucleus.caps.CapabilitySet;
import nucleus.caps.CapabilitySets;
import nucleus.caps.Credentials;
import nucleus.caps.ThreadStatus;
import nucleus.caps.internal.rules.Change;
import nucleus.caps.internal.rules.Effects;
import nucleus.caps.internal.rules.Plan;
import nucleus.caps.internal.rules.Refusal;
import nucleus.caps.internal.rules.Rules;
import nucleus.caps.internal.rules.UidFixup;
import nucleus.caps.internal.sys.Errno;

/**
 * A program while it is made, and what it makes of each state in which a thread is. A change that no thread needs is left
 * out. One that the kernel would refuse to a thread that does not need it is tolerated. One that it would refuse to a
 * thread that needs it is refused here: nothing has changed.
 */
final class Draft {

    /** How one thread, and all that are as it is, get to their end. */
    static final class Course {

        private final ThreadStatus thread;
        private final Credentials end;
        private Credentials now;

        private Course(ThreadStatus thread, Credentials end) {
            this.thread = thread;
            this.end = end;
            now = thread.credentials();
        }

        Credentials now() {
            return now;
        }

        Credentials end() {
            return end;
        }

        ThreadStatus thread() {
            return thread;
        }
    }

    private final Rules rules;
    private final Target target;
    private final List<Course> courses = new ArrayList<>();
    private final List<Plan.Step> steps = new ArrayList<>();
    private boolean endsKeepCaps;

    Draft(Rules rules, Target target, List<ThreadStatus> threads) {
        this.rules = rules;
        this.target = target;
        Map<Credentials, ThreadStatus> distinct = new LinkedHashMap<>();
        for (ThreadStatus thread : threads) {
            distinct.putIfAbsent(thread.credentials(), thread);
        }
        for (ThreadStatus thread : distinct.values()) {
            courses.add(new Course(thread, end(thread)));
        }
    }

    private Credentials end(ThreadStatus thread) {
        try {
            return target.end(thread.credentials());
        } catch (Refusal.Refused refused) {
            throw courses.isEmpty() ? refused : refused.refusal().on(thread.tid()).thrown();
        }
    }

    List<Course> courses() {
        return courses;
    }

    boolean some(Predicate<Course> test) {
        for (Course course : courses) {
            if (test.test(course)) {
                return true;
            }
        }
        return false;
    }

    /** {@return what is the same for all, if it is} */
    <T> Optional<T> common(Function<Course, T> of) {
        T first = of.apply(courses.getFirst());
        for (Course course : courses.subList(1, courses.size())) {
            if (!of.apply(course).equals(first)) {
                return Optional.empty();
            }
        }
        return Optional.of(first);
    }

    CapabilitySet union(Function<Course, CapabilitySet> of) {
        CapabilitySet all = CapabilitySet.NONE;
        for (Course course : courses) {
            all = all.union(of.apply(course));
        }
        return all;
    }

    /** Adds a change, unless it changes nothing. */
    void add(Change change) {
        boolean unseen = rules.mayDifferUnseen(change);
        add(change, course -> unseen || !Effects.after(course.now, change).equals(course.now));
    }

    /** Adds a change, unless nobody needs it. */
    void add(Change change, Predicate<Course> needs) {
        if (!some(needs) || (change instanceof Change.Each each && each.set().isEmpty())) {
            return;
        }
        boolean tolerated = false;
        for (Course course : courses) {
            Optional<Refusal> refusal = rules.against(course.now, change);
            if (refusal.isEmpty()) {
                course.now = Effects.after(course.now, change);
            } else if (needs.test(course)) {
                String otherwise = change instanceof Change.DropBounding ? target.otherwise(course.now) : "";
                throw refused(course, refusal.get().and(otherwise));
            } else {
                tolerated = true;
            }
        }
        steps.add(new Plan.Step(change, tolerated));
    }

    /** A refusal names its thread, unless it is the first: the calling one. */
    Refusal.Refused refused(Course course, Refusal refusal) {
        return (course == courses.getFirst() ? refusal : refusal.on(course.thread.tid())).thrown();
    }

    /** Makes effective what each thread needs and is permitted. A later change refuses what is needed and not permitted. */
    void raise(Function<Course, CapabilitySet> needed) {
        CapabilitySet raised = union(course -> needed.apply(course).intersect(course.now.get(PERMITTED)));
        if (some(course -> !course.now.get(EFFECTIVE).containsAll(needed.apply(course)
                .intersect(course.now.get(PERMITTED))))) {
            sets(course -> course.now.sets().with(EFFECTIVE, course.now.get(EFFECTIVE)
                    .union(raised.intersect(course.now.get(PERMITTED)))),
                    new Change.AdjustCaps(CapabilitySet.ALL, raised, CapabilitySet.ALL, CapabilitySet.NONE));
        }
    }

    /** Inheritable as it is at the end; the others as they are. */
    void inheritable() {
        CapabilitySet all = union(course -> course.end.get(INHERITABLE));
        sets(course -> course.now.sets().with(INHERITABLE, course.end.get(INHERITABLE)),
                new Change.AdjustCaps(CapabilitySet.ALL, CapabilitySet.NONE, CapabilitySet.NONE, all));
    }

    /** Permitted, effective and inheritable as they are at the end. */
    void narrow() {
        boolean clears = !some(course -> !course.end.get(EFFECTIVE).isEmpty());
        boolean inherits = some(course -> !course.end.get(INHERITABLE).equals(course.now.get(INHERITABLE)));
        sets(course -> course.end.sets(), new Change.AdjustCaps(clears ? CapabilitySet.NONE : CapabilitySet.ALL,
                CapabilitySet.NONE, inherits ? CapabilitySet.NONE : CapabilitySet.ALL,
                inherits ? union(course -> course.end.get(INHERITABLE)) : CapabilitySet.NONE));
    }

    /** One capset with the same three sets for all, or where they differ one that each thread computes from its own. */
    private void sets(Function<Course, CapabilitySets> wanted, Change.AdjustCaps otherwise) {
        Optional<Change> same = common(course -> Change.CapSet.of(wanted.apply(course)));
        add(same.orElse(otherwise));
    }

    /** KEEPCAPS goes off whatever was refused before. */
    void endKeepCaps() {
        Change off = new Change.KeepCaps(false);
        for (Plan.Step step : steps) {
            endsKeepCaps |= step.change() instanceof Change.KeepCaps keep && keep.on();
        }
        for (Course course : courses) {
            if (UidFixup.keepsCaps(course.now) && !UidFixup.keepsCaps(course.end)) {
                Optional<Refusal> refusal = rules.against(course.now, off);
                if (refusal.isPresent()) {
                    throw refused(course, refusal.get());
                }
                course.now = Effects.after(course.now, off);
                endsKeepCaps = true;
            }
        }
    }

    /** {@return the program, which leads every thread to its end} */
    Plan plan() {
        for (Course course : courses) {
            if (!course.now.equals(course.end)) {
                throw refused(course, new Refusal(target.name(), Errno.NONE, "no program leads there: "
                        + Verifier.differences(course.end, course.thread.with(course.now))));
            }
        }
        return new Plan(steps, endsKeepCaps);
    }
}
