package nucleus.caps;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.kernel.Scout;
import nucleus.caps.internal.launch.Exec;
import nucleus.caps.internal.plan.Target;

/** The phases as objects: whose they are, what was read back, and whether they have been left. */
final class Phases {

    private Phases() {
    }

    /**
     * What was said before the first step.
     *
     * @param noNewPrivs whether no_new_privs was asked for or asked against; by default a drop sets it and apply does not
     * @param secureBits what the securebits are at the end; as they are unless this is said
     */
    private record Options(Optional<Boolean> noNewPrivs, Optional<SecureBits> secureBits) {

        static final Options NONE = new Options(Optional.empty(), Optional.empty());

        Options withNoNewPrivs(boolean asked) {
            return new Options(Optional.of(asked), secureBits);
        }

        Options with(SecureBits bits) {
            return new Options(noNewPrivs, Optional.of(bits));
        }

        Target drop(CapabilitySet keep, Optional<Identity> identity) {
            return Target.drop(keep, identity, noNewPrivs.orElse(true), secureBits);
        }

        Target finalizeDrop(CapabilitySet keep, Optional<Identity> identity) {
            return Target.finalizeDrop(keep, identity, noNewPrivs.orElse(true), secureBits);
        }

        Target apply(CapabilitySets sets, Optional<Identity> identity) {
            return Target.apply(sets, identity, noNewPrivs.orElse(false), secureBits);
        }
    }

    /**
     * What was asked of a phase. Equal steps ask for the same.
     *
     * @param name the method
     * @param target where it leads; empty for an option, which changes nothing
     */
    private record Step(String name, Optional<Target> target) {
    }

    static Phase.Initial begin(Kernel kernel, Scope scope, Confinement confinement, Log log) {
        Chain chain = new Chain(kernel, scope, confinement, log);
        return new InitialPhase(chain, chain.begin(), Options.NONE);
    }

    private abstract static class Base {

        final Chain chain;
        private final List<ThreadStatus> observed;
        private Step left;
        private Phase reached; // null until a step succeeded

        Base(Chain chain, List<ThreadStatus> observed) {
            this.chain = chain;
            this.observed = List.copyOf(observed);
        }

        public final Scope scope() {
            return chain.scope();
        }

        public final List<ThreadStatus> observed() {
            return observed;
        }

        final <P extends Phase> P advance(Class<P> type, Function<List<ThreadStatus>, P> next, Target target) {
            return advance(type, next, new Step(target.method(), Optional.of(target)));
        }

        final <P extends Phase> P advance(Class<P> type, Function<List<ThreadStatus>, P> next, Step step) {
            boolean again = chain.exclusively(() -> {
                if (left != null && !left.equals(step)) {
                    throw new IllegalStateException(step.name() + ": this phase was left by " + left.name()
                            + ", and a phase is used once");
                }
                if (reached != null) {
                    confirm(step);
                    return true;
                }
                reached = next.apply(perform(step));
                left = step;
                return false;
            });
            if (!again) {
                chain.log().reached(reached);
            }
            return type.cast(reached);
        }

        /** What later phases may have changed since is not asked for; what this one promised is. An option costs no round. */
        private void confirm(Step step) {
            if (((Base) reached).left != null) {
                step.target().ifPresent(chain::confirm);
            } else if (step.target().isPresent() || scope() == Scope.THREAD) {
                chain.confirm(step.name(), reached.observed());
            }
        }

        /** Whatever was thrown: unless it says that nothing has changed, only the equal step may follow. */
        private List<ThreadStatus> perform(Step step) {
            if (step.target().isEmpty()) {
                return chain.read();
            }
            boolean untouched = false;
            try {
                List<ThreadStatus> after = chain.perform(step.target().get());
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
            return new DroppedPhase(chain, now);
        }

        @Override
        public String toString() {
            return getClass().getSimpleName() + "[" + scope() + ", " + observed.getFirst().sets() + "]";
        }
    }

    static final class InitialPhase extends Base implements Phase.Initial {

        private final Options options;

        private InitialPhase(Chain chain, List<ThreadStatus> observed, Options options) {
            super(chain, observed);
            this.options = options;
        }

        @Override
        public Phase.Initial allowNewPrivileges() {
            return with(options.withNoNewPrivs(false), "allowNewPrivileges");
        }

        @Override
        public Phase.Initial withNoNewPrivileges() {
            return with(options.withNoNewPrivs(true), "withNoNewPrivileges");
        }

        @Override
        public Phase.Initial withSecureBits(SecureBits bits) {
            if (bits.contains(SecureBit.KEEP_CAPS)) {
                throw new IllegalArgumentException(bits + ": keep_caps is never left on; it may be locked as it is, off");
            }
            return with(options.with(bits), "withSecureBits(" + bits + ")");
        }

        private Phase.Initial with(Options said, String name) {
            return advance(Phase.Initial.class, now -> new InitialPhase(chain, now, said),
                    new Step(name, Optional.empty()));
        }

        @Override
        public Phase.Initial allowIoUring() {
            return with(chain.kernel().allowingIoUring(), "allowIoUring");
        }

        @Override
        public Phase.Initial answerWithin(Duration deadline) {
            return with(chain.kernel().answeringWithin(deadline), "answerWithin(" + deadline + ")");
        }

        private Phase.Initial with(Kernel kernel, String name) {
            return advance(Phase.Initial.class, now -> new InitialPhase(chain.with(kernel), now, options),
                    new Step(name, Optional.empty()));
        }

        @Override
        public Phase.BoundingDropped dropBoundingSet() {
            return dropBoundingSetExcept(CapabilitySet.NONE);
        }

        @Override
        public Phase.BoundingDropped dropBoundingSetExcept(CapabilitySet keep) {
            return advance(Phase.BoundingDropped.class,
                    now -> new BoundingDroppedPhase(chain, now, keep, options),
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
            return advance(Phase.Dropped.class, this::dropped, options.drop(keep, Optional.empty()));
        }

        @Override
        public Phase.Dropped dropExcept(CapabilitySet keep, Identity identity) {
            return advance(Phase.Dropped.class, this::dropped, options.drop(keep, Optional.of(identity)));
        }

        @Override
        public Phase.Dropped lockUnprivileged() {
            if (!options.noNewPrivs().orElse(true)) {
                throw new IllegalStateException("lockUnprivileged: allowNewPrivileges() was said, and no_new_privs is all"
                        + " that keeps a program from gaining what the bounding set allows");
            }
            return advance(Phase.Dropped.class, this::dropped, Target.lockUnprivileged(options.secureBits()));
        }

        @Override
        public Phase.Dropped apply(CapabilitySets sets) {
            return advance(Phase.Dropped.class, this::dropped, options.apply(sets, Optional.empty()));
        }

        @Override
        public Phase.Dropped apply(CapabilitySets sets, Identity identity) {
            return advance(Phase.Dropped.class, this::dropped, options.apply(sets, Optional.of(identity)));
        }

        @Override
        public Phase.Dropped apply(Iab iab) {
            return advance(Phase.Dropped.class, this::dropped,
                    Target.apply(iab, options.noNewPrivs().orElse(false), options.secureBits()));
        }

        @Override
        public Phase.Dropped enter(Mode mode) {
            if (options.secureBits().isPresent()) {
                throw new IllegalStateException("enter: withSecureBits() was said, and a mode is its own securebits");
            }
            return advance(Phase.Dropped.class, this::dropped,
                    Target.enter(mode, options.noNewPrivs().orElse(false)));
        }
    }

    static final class BoundingDroppedPhase extends Base implements Phase.BoundingDropped {

        private final CapabilitySet keep;
        private final Options options;

        private BoundingDroppedPhase(Chain chain, List<ThreadStatus> observed, CapabilitySet keep, Options options) {
            super(chain, observed);
            this.keep = keep;
            this.options = options;
        }

        @Override
        public Phase.IdentitySwitched switchIdentity(Identity identity) {
            return advance(Phase.IdentitySwitched.class,
                    now -> new IdentitySwitchedPhase(chain, now, options.finalizeDrop(keep, Optional.of(identity))),
                    Target.switchIdentity(identity, keep, options.secureBits()));
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, options.finalizeDrop(keep, Optional.empty()));
        }
    }

    static final class IdentitySwitchedPhase extends Base implements Phase.IdentitySwitched {

        private final Target finish;

        private IdentitySwitchedPhase(Chain chain, List<ThreadStatus> observed, Target finish) {
            super(chain, observed);
            this.finish = finish;
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, finish);
        }
    }

    static final class DroppedPhase extends Base implements Phase.Dropped {

        private DroppedPhase(Chain chain, List<ThreadStatus> observed) {
            super(chain, observed);
        }

        @Override
        public Identity identity() {
            ThreadStatus now = observed().getFirst();
            return new Identity(now.uids().effective(), now.gids().effective(), now.groups());
        }

        @Override
        public CapabilitySets sets() {
            return observed().getFirst().sets();
        }

        @Override
        public boolean noNewPrivs() {
            return observed().getFirst().noNewPrivs();
        }

        @Override
        public void exec(List<String> command) {
            exec(command, System.getenv());
        }

        @Override
        public void exec(List<String> command, Map<String, String> environment) {
            chain.exclusively(() -> {
                chain.confirm("exec", observed());
                return Scout.callFromVirtual(() -> Exec.with(command, environment));
            });
        }
    }
}
