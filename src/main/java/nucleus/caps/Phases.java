package nucleus.caps;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.launch.Exec;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.session.Log;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.session.Session;
import nucleus.caps.internal.sys.Denial;
import org.jspecify.annotations.Nullable;

/** The implementations of the phases. A phase has its session, the state read back, and whether it was left. */
final class Phases {

    private Phases() {
    }

    static Phase.Initial begin(Kernel kernel, Scope scope, OwnerThread owner, Options options) {
        Kernel accepting = options.ioUring() ? kernel.allowingIoUring() : kernel;
        Kernel patient = options.timeout().isPresent() ? accepting.answeringWithin(options.timeout().get()) : accepting;
        if (options.dumpable() && scope == Scope.THREAD) {
            throw new IllegalStateException("begin: withDumpable() makes the whole process dumpable, so it needs"
                    + " Scope.PROCESS: other threads may hold more than the new user");
        }
        if (options.handsOver() && scope == Scope.THREAD) {
            throw new IllegalStateException("begin: handOver() needs Scope.PROCESS: the other threads would use files that the"
                    + " new user can replace");
        }
        Denial denial = new Denial(options.deniesNamespaces(), options.deniesExec());
        if (!denial.equals(Denial.NONE) && !options.noNewPrivs().orElse(true)) {
            throw new IllegalStateException("begin: remove the option allowNewPrivileges(); without no_new_privs, a set-user-ID"
                    + " program would run as root and fail at calls that denyNamespaces() or denyExec() refuses");
        }
        Session session = new Session(patient, scope, owner, options.dumpable(), denial);
        return new InitialPhase(session, session.begin(), options);
    }

    abstract static class Base {

        final Session session;
        private final List<ThreadStatus> observed;
        private @Nullable Target left;
        private @Nullable Phase reached; // null until a step succeeded

        Base(Session session, List<ThreadStatus> observed) {
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
                    throw new IllegalStateException(step.method() + ": this phase was already left by " + left.method()
                            + "(); use the phase that it returned");
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
            if (((Base) before).left != null) {
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

        final DroppedPhase dropped(List<ThreadStatus> now) {
            return new DroppedPhase(session, now);
        }

        final AppliedPhase applied(List<ThreadStatus> now) {
            return new AppliedPhase(session, now);
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + "[" + scope() + ", " + observed.getFirst().sets() + "]";
        }
    }

    static final class InitialPhase extends Base implements Phase.Initial {

        private final Options options;

        private InitialPhase(Session session, List<ThreadStatus> observed, Options options) {
            super(session, observed);
            this.options = options;
        }

        @Override
        public List<Advice> advise(Identity identity) {
            return session.exclusively(() -> session.advise(identity, options.trees()));
        }

        @Override
        public Phase.BoundingDropped dropBoundingSet() {
            return dropBoundingSetExcept(CapabilitySet.NONE);
        }

        @Override
        public Phase.BoundingDropped dropBoundingSetExcept(CapabilitySet keep) {
            return advance(Phase.BoundingDropped.class,
                    now -> new BoundingDroppedPhase(session, now, keep, options),
                    Target.dropBounding(keep, options.secureBits()));
        }

        @Override
        public Phase.Dropped dropAll() {
            return dropExcept(CapabilitySet.NONE);
        }

        @Override
        public Phase.Dropped drop(Identity identity) {
            return dropExcept(CapabilitySet.NONE, identity);
        }

        @Override
        public Phase.Dropped dropExcept(CapabilitySet keep) {
            return advance(Phase.Dropped.class, this::dropped, dropping(keep, Optional.empty()));
        }

        @Override
        public Phase.Dropped dropExcept(CapabilitySet keep, Identity identity) {
            return advance(Phase.Dropped.class, this::dropped, dropping(keep, Optional.of(identity)));
        }

        @Override
        public Phase.Dropped lockUnprivileged() {
            return lock(Optional.empty());
        }

        @Override
        public Phase.Dropped lockUnprivileged(Identity identity) {
            return lock(Optional.of(identity));
        }

        private Phase.Dropped lock(Optional<Identity> identity) {
            if (!options.noNewPrivs().orElse(true)) {
                throw new IllegalStateException("lockUnprivileged: remove the option allowNewPrivileges(); only no_new_privs"
                        + " keeps a program from gaining the capabilities of the bounding set");
            }
            return advance(Phase.Dropped.class, this::dropped,
                    Target.lockUnprivileged(identity, options.secureBits()).handingOver(options.trees()));
        }

        @Override
        public Phase.Applied apply(CapabilitySets sets) {
            return advance(Phase.Applied.class, this::applied, applying(sets, Optional.empty()));
        }

        @Override
        public Phase.Applied apply(CapabilitySets sets, Identity identity) {
            return advance(Phase.Applied.class, this::applied, applying(sets, Optional.of(identity)));
        }

        @Override
        public Phase.Applied apply(Iab iab) {
            return advance(Phase.Applied.class, this::applied,
                    Target.apply(iab, options.noNewPrivs().orElse(false), options.secureBits()));
        }

        @Override
        public Phase.Applied enter(Mode mode) {
            if (options.secureBits().isPresent()) {
                throw new IllegalStateException("enter: remove the option withSecureBits(); a mode has its own securebits");
            }
            return advance(Phase.Applied.class, this::applied,
                    Target.enter(mode, options.noNewPrivs().orElse(false)));
        }

        private Target dropping(CapabilitySet keep, Optional<Identity> identity) {
            return Target.drop(keep, identity, options.noNewPrivs().orElse(true), options.secureBits())
                    .handingOver(options.trees());
        }

        private Target applying(CapabilitySets sets, Optional<Identity> identity) {
            return Target.apply(sets, identity, options.noNewPrivs().orElse(false), options.secureBits())
                    .handingOver(options.trees());
        }
    }

    static final class BoundingDroppedPhase extends Base implements Phase.BoundingDropped {

        private final CapabilitySet keep;
        private final Options options;

        private BoundingDroppedPhase(Session session, List<ThreadStatus> observed, CapabilitySet keep, Options options) {
            super(session, observed);
            this.keep = keep;
            this.options = options;
        }

        @Override
        public Phase.IdentitySwitched switchIdentity(Identity identity) {
            return advance(Phase.IdentitySwitched.class,
                    now -> new IdentitySwitchedPhase(session, now, finish(Optional.of(identity))),
                    Target.switchIdentity(identity, keep, options.secureBits()).handingOver(options.trees()));
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, finish(Optional.empty()));
        }

        private Target finish(Optional<Identity> identity) {
            return Target.finalizeDrop(keep, identity, options.noNewPrivs().orElse(true), options.secureBits());
        }
    }

    static final class IdentitySwitchedPhase extends Base implements Phase.IdentitySwitched {

        private final Target finish;

        private IdentitySwitchedPhase(Session session, List<ThreadStatus> observed, Target finish) {
            super(session, observed);
            this.finish = finish;
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, finish);
        }
    }

    abstract static class EndedPhase extends Base {

        EndedPhase(Session session, List<ThreadStatus> observed) {
            super(session, observed);
        }

        public final Identity identity() {
            return Session.identity(observed().getFirst());
        }

        public final CapabilitySets sets() {
            return observed().getFirst().sets();
        }

        public final boolean noNewPrivs() {
            return observed().getFirst().noNewPrivs();
        }

        public final void verify() {
            session.exclusively(() -> {
                session.confirm("verify", observed());
                return true;
            });
        }

        public final void exec(List<String> command) {
            exec(command, Optional.empty(), Set.of());
        }

        public final void exec(List<String> command, Set<Integer> keepDescriptors) {
            exec(command, Optional.empty(), keepDescriptors);
        }

        public final void exec(List<String> command, Map<String, String> environment) {
            exec(command, environment, Set.of());
        }

        public final void exec(List<String> command, Map<String, String> environment, Set<Integer> keepDescriptors) {
            exec(command, Optional.of(environment), keepDescriptors);
        }

        private void exec(List<String> command, Optional<Map<String, String>> environment, Set<Integer> keepDescriptors) {
            if (session.denial().exec()) {
                throw new IllegalStateException("exec: remove the option denyExec(); it refuses every execve(2)");
            }
            session.exclusively(() -> {
                session.confirm("exec", observed());
                return Exec.with(command, environment, keepDescriptors);
            });
        }
    }

    static final class DroppedPhase extends EndedPhase implements Phase.Dropped {

        private DroppedPhase(Session session, List<ThreadStatus> observed) {
            super(session, observed);
        }
    }

    static final class AppliedPhase extends EndedPhase implements Phase.Applied {

        private AppliedPhase(Session session, List<ThreadStatus> observed) {
            super(session, observed);
        }
    }
}
