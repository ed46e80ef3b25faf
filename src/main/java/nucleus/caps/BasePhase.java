package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.function.Function;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.session.Session;
import org.jspecify.annotations.Nullable;

/** What all phases share: a session, the state read back, and whether the phase was left. */
abstract class BasePhase {

    final Session session;
    private final List<ThreadStatus> observed;
    private @Nullable Target left;
    private @Nullable Phase reached; // null until a step succeeded

    BasePhase(Session session, List<ThreadStatus> observed) {
        this.session = session;
        this.observed = List.copyOf(observed);
    }

    public final Scope scope() {
        return session.scope();
    }

    public final List<ThreadStatus> observed() {
        return observed;
    }

    /** Performs a step. If the phase was left by an equal target, only confirms that step. */
    final <P extends Phase> P advance(Class<P> type, Function<List<ThreadStatus>, P> next, Target step) {
        boolean again = session.exclusively(() -> {
            if (left != null && !left.equals(step)) {
                throw new IllegalStateException(step.method() + ": " + (reached == null
                        ? left.method() + "() failed halfway; only the same step can be tried again"
                        : "this phase was already left by " + left.method() + "(); use the phase that it returned"));
            }
            Phase before = reached;
            if (before != null) {
                confirm(step, before);
                return true;
            }
            reached = next.apply(perform(step, Phase.Ended.class.isAssignableFrom(type)));
            left = step;
            return false;
        });
        Phase now = requireNonNull(reached);
        if (!again) {
            log(now);
        }
        return type.cast(now);
    }

    private void log(Phase reached) {
        if (reached instanceof Phase.Applied applied) {
            session.ended("changed", applied.sets().toString(), reached.observed());
        } else if (reached instanceof Phase.Dropped dropped) {
            CapabilitySet kept = dropped.sets().permitted();
            CapabilitySet bounding = dropped.sets().bounding();
            session.ended("dropped", "kept " + kept + (bounding.equals(kept) ? "" : ", bounding " + bounding),
                    reached.observed());
        } else {
            Log.debug("reached " + reached);
        }
    }

    /** After a later step, checks only what this step promised, because the later step may have changed the rest. */
    private void confirm(Target step, Phase before) {
        if (((BasePhase) before).left != null) {
            session.confirm(step);
        } else {
            session.confirm(step.method(), before.observed());
        }
    }

    /** After any exception that does not report an unchanged state, only an equal step may follow. */
    private List<ThreadStatus> perform(Target step, boolean last) {
        boolean untouched = false;
        try {
            List<ThreadStatus> after = session.perform(step, last);
            untouched = true;
            return after;
        } catch (CapsException e) {
            untouched = !e.changed();
            throw e;
        } finally {
            left = untouched ? left : step;
        }
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + scope() + ", " + observed.getFirst().sets() + "]";
    }
}
