package nucleus.caps;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import nucleus.caps.internal.kernel.Kernel;
import nucleus.caps.internal.recipe.ApplySets;
import nucleus.caps.internal.recipe.DropBounding;
import nucleus.caps.internal.recipe.Finish;
import nucleus.caps.internal.recipe.Recipe;
import nucleus.caps.internal.recipe.SwitchIdentity;

/** The phases as objects: whose they are, what was read back, and whether they have been left. */
final class Phases {

    private Phases() {
    }

    /** What was asked of a phase. Equal steps ask for the same. */
    private record Step(String name, List<Recipe> recipes) {
    }

    static Phase.Initial begin(Kernel kernel, Scope scope, Confinement confinement, Log log) {
        Chain chain = new Chain(kernel, scope, confinement, log);
        return new InitialPhase(chain, chain.read(), Optional.empty());
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

        final <P extends Phase> P advance(Class<P> type, Function<List<ThreadStatus>, P> next, String name,
                                          Recipe... recipes) {
            Step step = new Step(name, List.of(recipes));
            chain.enter();
            try {
                if (left != null && !left.equals(step)) {
                    throw new IllegalStateException(name + ": this phase was left by " + left.name()
                            + ", and a phase is used once");
                }
                if (reached != null) {
                    confirm(step);
                    return type.cast(reached);
                }
                reached = next.apply(perform(step));
                left = step;
            } finally {
                chain.leave();
            }
            chain.log().reached(reached);
            return type.cast(reached);
        }

        /** What later phases may have changed since is not asked for; what this one promised is. */
        private void confirm(Step step) {
            if (((Base) reached).left == null) {
                chain.confirm(step.name(), step.recipes(), reached.observed());
            } else {
                chain.confirm(step.recipes());
            }
        }

        private List<ThreadStatus> perform(Step step) {
            boolean untouched = false;
            try {
                List<ThreadStatus> after = chain.perform(step.recipes());
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

        /** Whether no_new_privs was asked for or asked against; by default a drop sets it and apply does not. */
        private final Optional<Boolean> noNewPrivs;

        private InitialPhase(Chain chain, List<ThreadStatus> observed, Optional<Boolean> noNewPrivs) {
            super(chain, observed);
            this.noNewPrivs = noNewPrivs;
        }

        @Override
        public Phase.Initial allowNewPrivileges() {
            return advance(Phase.Initial.class, now -> new InitialPhase(chain, now, Optional.of(false)),
                    "allowNewPrivileges");
        }

        @Override
        public Phase.Initial withNoNewPrivileges() {
            return advance(Phase.Initial.class, now -> new InitialPhase(chain, now, Optional.of(true)),
                    "withNoNewPrivileges");
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
            return advance(Phase.Initial.class, now -> new InitialPhase(chain.with(kernel), now, noNewPrivs), name);
        }

        @Override
        public Phase.BoundingDropped dropBoundingSet() {
            return dropBoundingSetExcept(CapabilitySet.NONE);
        }

        @Override
        public Phase.BoundingDropped dropBoundingSetExcept(CapabilitySet keep) {
            return advance(Phase.BoundingDropped.class,
                    now -> new BoundingDroppedPhase(chain, now, keep, noNewPrivs.orElse(true)), "dropBoundingSet",
                    new DropBounding(keep));
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
            return advance(Phase.Dropped.class, this::dropped, "drop", new DropBounding(keep),
                    new Finish(keep, Optional.empty(), noNewPrivs.orElse(true)));
        }

        @Override
        public Phase.Dropped dropExcept(CapabilitySet keep, Identity identity) {
            return advance(Phase.Dropped.class, this::dropped, "drop", new DropBounding(keep),
                    new SwitchIdentity(identity, keep),
                    new Finish(keep, Optional.of(identity), noNewPrivs.orElse(true)));
        }

        @Override
        public Phase.Dropped apply(CapabilitySets sets) {
            return advance(Phase.Dropped.class, this::dropped, "apply",
                    new ApplySets(sets, Optional.empty(), noNewPrivs.orElse(false)));
        }

        @Override
        public Phase.Dropped apply(CapabilitySets sets, Identity identity) {
            return advance(Phase.Dropped.class, this::dropped, "apply",
                    new ApplySets(sets, Optional.of(identity), noNewPrivs.orElse(false)));
        }
    }

    static final class BoundingDroppedPhase extends Base implements Phase.BoundingDropped {

        private final CapabilitySet keep;
        private final boolean noNewPrivs;

        private BoundingDroppedPhase(Chain chain, List<ThreadStatus> observed, CapabilitySet keep, boolean noNewPrivs) {
            super(chain, observed);
            this.keep = keep;
            this.noNewPrivs = noNewPrivs;
        }

        @Override
        public Phase.IdentitySwitched switchIdentity(Identity identity) {
            return advance(Phase.IdentitySwitched.class,
                    now -> new IdentitySwitchedPhase(chain, now, new Finish(keep, Optional.of(identity), noNewPrivs)),
                    "switchIdentity", new SwitchIdentity(identity, keep));
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, "finalizeDrop",
                    new Finish(keep, Optional.empty(), noNewPrivs));
        }
    }

    static final class IdentitySwitchedPhase extends Base implements Phase.IdentitySwitched {

        private final Finish finish;

        private IdentitySwitchedPhase(Chain chain, List<ThreadStatus> observed, Finish finish) {
            super(chain, observed);
            this.finish = finish;
        }

        @Override
        public Phase.Dropped finalizeDrop() {
            return advance(Phase.Dropped.class, this::dropped, "finalizeDrop", finish);
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
    }
}
