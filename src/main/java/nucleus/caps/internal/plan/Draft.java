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
 * A plan under construction, and its effect on each distinct state of a thread. The draft leaves out a change that no
 * thread needs. It tolerates a change that the kernel would refuse only to threads that do not need it. It refuses a change
 * that the kernel would refuse to a thread that needs it; nothing has changed then.
 */
final class Draft {

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

    /** {@return the value that all threads share, or empty if they differ} */
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
        add(change, course -> unseen || !Effects.after(course.now(), change).equals(course.now()));
    }

    /** Adds a change, unless no thread needs it. */
    void add(Change change, Predicate<Course> needs) {
        if (!some(needs) || (change instanceof Change.Each each && each.set().isEmpty())) {
            return;
        }
        boolean tolerated = false;
        for (Course course : courses) {
            Optional<Refusal> refusal = rules.against(course.now(), change);
            if (refusal.isEmpty()) {
                course.take(change);
            } else if (needs.test(course)) {
                String otherwise = change instanceof Change.DropBounding ? target.otherwise(course.now()) : "";
                throw refused(course, refusal.get().and(otherwise));
            } else {
                tolerated = true;
            }
        }
        steps.add(new Plan.Step(change, tolerated));
    }

    /** Names the thread in the refusal, unless it is the calling thread, which is the first. */
    Refusal.Refused refused(Course course, Refusal refusal) {
        return (course == courses.getFirst() ? refusal : refusal.on(course.thread().tid())).thrown();
    }

    /** Raises the needed capabilities that are permitted. If a needed capability is not permitted, a later change is refused. */
    void raise(Function<Course, CapabilitySet> needed) {
        CapabilitySet raised = union(course -> needed.apply(course).intersect(course.now().get(PERMITTED)));
        if (some(course -> !course.now().get(EFFECTIVE).containsAll(needed.apply(course)
                .intersect(course.now().get(PERMITTED))))) {
            sets(course -> course.now().sets().with(EFFECTIVE, course.now().get(EFFECTIVE)
                    .union(raised.intersect(course.now().get(PERMITTED)))),
                    new Change.AdjustCaps(CapabilitySet.ALL, raised, CapabilitySet.ALL, CapabilitySet.NONE));
        }
    }

    /** Sets inheritable to its end value. The other sets stay. */
    void inheritable() {
        CapabilitySet all = union(course -> course.end().get(INHERITABLE));
        sets(course -> course.now().sets().with(INHERITABLE, course.end().get(INHERITABLE)),
                new Change.AdjustCaps(CapabilitySet.ALL, CapabilitySet.NONE, CapabilitySet.NONE, all));
    }

    /** Sets permitted, effective and inheritable to their end values. */
    void narrow() {
        boolean clears = !some(course -> !course.end().get(EFFECTIVE).isEmpty());
        boolean inherits = some(course -> !course.end().get(INHERITABLE).equals(course.now().get(INHERITABLE)));
        sets(course -> course.end().sets(), new Change.AdjustCaps(clears ? CapabilitySet.NONE : CapabilitySet.ALL,
                CapabilitySet.NONE, inherits ? CapabilitySet.NONE : CapabilitySet.ALL,
                inherits ? union(course -> course.end().get(INHERITABLE)) : CapabilitySet.NONE));
    }

    /** Adds one capset with the same sets for all threads. If the sets differ, each thread computes them from its own. */
    private void sets(Function<Course, CapabilitySets> wanted, Change.AdjustCaps otherwise) {
        Optional<Change> same = common(course -> Change.CapSet.of(wanted.apply(course)));
        add(same.orElse(otherwise));
    }

    /** Turns KEEPCAPS off at the end, even if an earlier change was refused. */
    void endKeepCaps() {
        Change off = new Change.KeepCaps(false);
        for (Plan.Step step : steps) {
            endsKeepCaps |= step.change() instanceof Change.KeepCaps keep && keep.on();
        }
        for (Course course : courses) {
            if (UidFixup.keepsCaps(course.now()) && !UidFixup.keepsCaps(course.end())) {
                Optional<Refusal> refusal = rules.against(course.now(), off);
                if (refusal.isPresent()) {
                    throw refused(course, refusal.get());
                }
                course.take(off);
                endsKeepCaps = true;
            }
        }
    }

    /** {@return the plan that leads every thread to its end} */
    Plan plan() {
        for (Course course : courses) {
            if (!course.now().equals(course.end())) {
                throw refused(course, new Refusal(target.name(), Errno.NONE, "no sequence of changes reaches the requested"
                        + " state: "
                        + Verifier.differences(course.end(), course.thread().with(course.now()))));
            }
        }
        return new Plan(steps, endsKeepCaps);
    }
}
