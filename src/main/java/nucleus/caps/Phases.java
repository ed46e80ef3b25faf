package nucleus.caps;

import java.util.List;
import java.util.Optional;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.plan.Target;
import nucleus.caps.internal.session.OwnerThread;
import nucleus.caps.internal.session.Session;
import nucleus.caps.internal.sys.Denial;

/** The implementations of the phases. Their constructors are private: a phase comes from the phase before it. */
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

    private static Phase.Dropped dropped(BasePhase from, Target step) {
        return from.advance(Phase.Dropped.class, now -> new DroppedPhase(from.session, now), step);
    }

    private static Phase.Applied applied(BasePhase from, Target step) {
        return from.advance(Phase.Applied.class, now -> new AppliedPhase(from.session, now), step);
    }

    static final class InitialPhase extends BasePhase implements Phase.Initial {

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
            return dropped(this, dropping(keep, Optional.empty()));
        }

        @Override
        public Phase.Dropped dropExcept(CapabilitySet keep, Identity identity) {
            return dropped(this, dropping(keep, Optional.of(identity)));
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
            return dropped(this, Target.lockUnprivileged(identity, options.secureBits()).handingOver(options.trees()));
        }

        @Override
        public Phase.Applied apply(CapabilitySets sets) {
            return applied(this, applying(sets, Optional.empty()));
        }

        @Override
        public Phase.Applied apply(CapabilitySets sets, Identity identity) {
            return applied(this, applying(sets, Optional.of(identity)));
        }

        @Override
        public Phase.Applied apply(Iab iab) {
            return applied(this, Target.apply(iab, options.noNewPrivs().orElse(false), options.secureBits()));
        }

        @Override
        public Phase.Applied enter(Mode mode) {
            if (options.secureBits().isPresent()) {
                throw new IllegalStateException("enter: remove the option withSecureBits(); a mode has its own securebits");
            }
            return applied(this, Target.enter(mode, options.noNewPrivs().orElse(false)));
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

    static final class BoundingDroppedPhase extends BasePhase implements Phase.BoundingDropped {

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
            return dropped(this, finish(Optional.empty()));
        }

        private Target finish(Optional<Identity> identity) {
            return Target.finalizeDrop(keep, identity, options.noNewPrivs().orElse(true), options.secureBits());
        }
    }

    static final class IdentitySwitchedPhase extends BasePhase implements Phase.IdentitySwitched {

        private final Target finish;

        private IdentitySwitchedPhase(Session session, List<ThreadStatus> observed, Target finish) {
            super(session, observed);
            this.finish = finish;
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return dropped(this, finish);
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
