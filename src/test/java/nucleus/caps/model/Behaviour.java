package nucleus.caps.model;

import java.util.List;
import nucleus.caps.Begin;
import nucleus.caps.CapsException;
import nucleus.caps.Credentials;
import nucleus.caps.Phase;
import nucleus.caps.Scope;

/** One behaviour of the model: a path of the types from one start, with what the surroundings do. */
record Behaviour(List<Credentials> starts, List<Step> path, int refusedAt, Event event, Broken broken,
                 Swap swap) {

    static Behaviour of(List<Credentials> starts, List<Step> path) {
        return new Behaviour(starts, path, -1, Event.NONE, Broken.NOTHING, Swap.NONE);
    }

    Behaviour refusing(int call) {
        return new Behaviour(starts, path, call, event, broken, swap);
    }

    Behaviour with(Event other) {
        return new Behaviour(starts, path, refusedAt, other, broken, swap);
    }

    Behaviour with(Broken other) {
        return new Behaviour(starts, path, refusedAt, event, other, swap);
    }

    Behaviour with(Swap other) {
        return new Behaviour(starts, path, refusedAt, event, broken, other);
    }

    /**
     * The end of a behaviour.
     *
     * @param kernel the kernel then
     * @param ended whether the path was gone to its end
     * @param failed whether a step failed, even if its repetition did not
     */
    record End(ModelKernel kernel, boolean ended, boolean failed) {
    }

    /** @throws Violation if a property does not hold in a state of this behaviour */
    End run() {
        ModelKernel kernel = new ModelKernel(starts, refusedAt, event, broken, swap);
        Scope scope = starts.size() == 1 ? Scope.THREAD : Scope.PROCESS;
        Phase phase = Begin.on(kernel, scope, options -> options);
        boolean failed = false;
        for (Step step : path) {
            kernel.beginStep();
            Property property = Property.ASKED;
            Phase next;
            try {
                next = step.call().apply(phase);
            } catch (CapsException e) {
                failed = true;
                failed(kernel, phase, step, e);
                property = Property.RETRY;
                try {
                    kernel.beginStep();
                    next = step.call().apply(phase);
                } catch (CapsException again) {
                    Property.UNCHANGED.require(again.changed() || !kernel.changed(), this);
                    return new End(kernel, false, true);
                }
            }
            phase = next;
            for (ModelThread thread : kernel.living()) {
                property.require(step.asked().test(thread.start, thread.now()), this);
            }
        }
        Property.ENDS.require(phase instanceof Phase.Ended, this);
        return new End(kernel, true, failed);
    }

    private void failed(ModelKernel kernel, Phase phase, Step step, CapsException e) {
        Property.UNCHANGED.require(e.changed() || !kernel.changed(), this);
        Property.SUCCEEDS.require(kernel.hasRefused() || kernel.unrun(), List.of(this, e));
        kernel.refuseNothing();
        if (e.changed()) {
            kernel.beginStep();
            for (Step other : step.others()) {
                try {
                    other.call().apply(phase);
                    throw new Violation(Property.RETRY, this + " then " + other);
                } catch (IllegalStateException | CapsException expected) {
                    Property.UNCHANGED.require(!kernel.changed(), List.of(this, other));
                }
            }
        }
    }

    @Override
    public String toString() {
        return path + " from " + starts + ", refused " + refusedAt + ", " + event + ", " + broken + ", " + swap;
    }
}
